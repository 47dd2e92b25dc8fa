### A job-seeker's own pages.

mywork-title = My work
mywork-welcome = Welcome, { $name }. This suits you.
mywork-searching-title = We are searching
mywork-searching-text = This usually takes a few seconds. This page looks again by itself.
mywork-searching-link = Look again now
mywork-found-title = { $count ->
    [one] 1 job suits you
   *[other] { $count } jobs suit you
}
mywork-order = What fits best is at the top.
mywork-order-link = How we choose
mywork-nothing-title = No job within your distance yet
mywork-nothing-text = New jobs appear here by themselves.
mywork-nothing-next = Can you travel further or work at other times? Change that.
mywork-nearby = Near you all the same
mywork-nearby-meanwhile = Meanwhile, jobs near you
mywork-changed = There is new work for you.
mywork-changed-link = Show it
mywork-more-title = Tell us more
mywork-more-count = { $count ->
    [one] 1 more question. Then we find more.
   *[other] { $count } more questions. Then we find more.
}
mywork-more-travel = How far you can travel
mywork-more-tasks = What you like to do
mywork-more-hours = When you can work
tasks-done = Done
tasks-to-do = To do
mywork-help-title = Rather do it together?
mywork-help-text = Call us. We look at it with you.
proposal-back = My work
proposal-why = Why this suits you
proposal-wrong = Is something not right?
proposal-wrong-link = Change your details
details-title = My details
details-lead = This is what you told us. We use it to find your work.
details-back = My details
details-work-title = Your work
details-where = Where you live
details-where-value = { $postcode }, { $place }
details-what = What you like to do
details-when = When you can work
details-hours = Hours a week
details-travel = How far you can travel
details-not-told = Not told yet
details-reach-title = How we reach you
details-name = Name
details-contact = Number or address
details-channel = Rather by
details-reach-change = Has this changed? Call { $phone }.
details-consent-title = What is allowed
details-consent-text = You decide who may use your details.
details-consent-link = My consent
details-unused-title = This we do not use
details-unused-text = Your age, origin, health and benefit never count.
consent-title = My consent
consent-lead = You say yes or no. It takes effect at once.
consent-yes = Allowed
consent-no = Not allowed
consent-since = Since { $date }, text { $version }
consent-withdraw = Withdraw my yes
consent-give = Say yes
travel-question = How do you travel to work?
travel-why = Then we know what is close for you.
travel-distance = How far will you travel?
travel-up-to = up to { $km } km
notice-welcome = Done. You are registered.
notice-saved = Saved. We are looking again for you.
notice-consent-given = Saved. This is allowed from now on.
notice-consent-withdrawn = Saved. This is no longer allowed.
notice-code-again = Is your number or address right? Then a new code is coming.
