### When something does not go as asked.

failure-call = Does it not work? Call
failure-request = Then mention this number: { $id }
failure-next-again = Try again
failure-next-start = To the start
failure-next-sign-in = Sign in again
failure-title-not-understood = We did not understand this
failure-text-not-understood = Something went wrong in sending. Nothing was changed.
failure-title-no-access = This page is not for you
failure-text-no-access = You are signed in, but may not see this yet. Ask your administrator.
failure-title-not-found = This page does not exist
failure-title-wrong-method = That is not possible on this page
failure-text-not-found = Check the address. Nothing is lost.
failure-text-wrong-method = Nothing has changed. Start again on the first page.
failure-title-changed = Someone was just before you
failure-text-changed = A colleague changed this meanwhile. Look at it and try again.
failure-title-gone = This page is gone
failure-text-gone = What stood here has ended. Nothing is lost.
failure-title-too-large = This is too large
failure-text-too-large = A file may be 20 MB. Split it in two.
failure-title-too-often = Please wait a moment
failure-text-too-often = { $minutes ->
    [one] This was tried too often. Try again in 1 minute.
   *[other] This was tried too often. Try again in { $minutes } minutes.
}
failure-title-our-fault = Something went wrong on our side
failure-text-our-fault = What you filled in before is kept. Try again.
failure-title-not-now = We will be back soon
failure-text-not-now = It is very busy now or work is being done. Try again in 1 minute.
failure-title-session = You are signed out
failure-text-session = You were away for a while. For your safety we signed you out.
