### One employer, people who want a job, the open file, desks, colleagues.

site-name = Name of the site
site-name-hint = For example: Distribution centre. May stay empty if there is only one.
site-street = Street and house number
site-new = Add a site
site-change = Change the site
site-of = Site { $number }: { $site }
site-end-title = End a site
site-end-text = The site is then no longer in the list. The last site stays.
site-end-button = End this site
employer-site-first = First site
employer-sites = Sites
employer-change = Change the employer
employer-back = Back to the employer
employer-manager = Adviser in { $region }
employer-manager-none = Nobody yet
employer-manager-save = Save the adviser in { $region }
employer-conflict = Strike or other conflict
employer-conflict-hint = During a strike we may propose nobody (Waadi article 10).
employer-conflict-yes = There is a strike or lockout now
employer-conflict-text = There is a strike or lockout. The jobs are not shown now.
employer-contacts = Contact persons
employer-contact-work = What does this person do there?
employer-contact-work-hint = For example: team leader kitchen.
employers-own = Only my employers
employers-all = All employers
employers-some-of = You see { $count } of { $total }. Search to see the others.
contact-row = Contact person { $number }
contact-row-site = Contact person { $number }, { $site }
contact-since = Since { $date }
contact-of = Contact person of { $employer }
contact-new = Add a contact person
contact-change = Change these data
contact-site = At which site?
contact-site-all = All sites
contact-shown-text = You see this once. We wrote down that you looked.
contact-delete-title = Delete the contact person
contact-delete-button = Delete this contact person
purpose-title = What do you need the data for?
purpose-back = Back
purpose-question = Choose one reason
purpose-talk = To talk about work
purpose-appointment = To make an appointment with an employer
purpose-appointment-with-her = To make an appointment with this person
purpose-offer = Ask whether someone wants the work
purpose-first-day = Prepare the first working day
purpose-correction = To correct something in the data
purpose-in-line = To put this person in line
purpose-told = This person sees who looked, and for what.
purpose-noted = We write down who looked, and for what.
purpose-button = Show the data
reach-title = Contact data
reach-of-shared = Someone who wants to work with you
reach-name = Name
reach-contact = Telephone or e-mail
reach-letter = By letter only
reach-channel = Likes best
reach-remark = Wanted to add
reach-once = You see this once. This person sees that you looked.
reach-not-shared = This person decides whether you get the data. That has not happened yet.
reach-no-adviser = This person has not agreed yet that an adviser thinks along.
reach-later = Try again later. The person hears that you want to meet.
interest-title = Who wants to work with you
interest-title-manager = Who waits for an answer
interest-lead = These people said yes to a job. They read your answer at once.
interest-show-all = Show those who have an answer too
interest-show-open = Show only those who still wait
interest-none = Nobody waits for an answer now.
interest-count = { $count ->
    [one] 1 person
   *[other] { $count } people
}
interest-who = Code { $code } wants: { $job }
interest-job-gone = a job that is not shown now
interest-since = Said yes on { $date }.
interest-answer-by = Answer before { $moment }.
interest-overdue = Too late
interest-answered = Answer: { $answer }. Said on { $date }.
interest-contact = Ask for the data of { $code } for { $job }
answer-meet = Yes, we would like to meet
answer-no-places = Not now: the places are taken
answer-times = Not now: the working times do not fit
answer-requirement = Not now: something is needed that you do not have yet
notice-answer-meet = Sent. This person now reads that you want to meet.
notice-answer-not-now = Sent. This person now reads your answer.
open-file-title = People who want to work
open-file-lead = These people said yes. You see no names. Who lives nearest stands first.
open-file-site = Around which site?
open-file-group = Kind of work
open-file-group-all = All kinds of work
open-file-none = Nobody yet around { $place }
open-file-none-text = Choose a longer distance, or all kinds of work.
open-file-found = { $count ->
    [one] 1 person around { $place }
   *[other] { $count } people around { $place }
}
open-file-likes = Likes: { $tasks }.
open-file-any-task = all kinds of work
open-file-from = Can start: { $from }
open-file-meet-title = Would you like to meet?
open-file-meet-text = Call your adviser and say the code. The adviser asks whether this person wants it.
desks-title = Desks
desks-lead = People get help with work here. Each region has three desks.
desks-count = { $count ->
    [one] 1 desk
   *[other] { $count } desks
}
desks-column-name = Desk
desks-column-region = Region
desks-column-checked = Checked on
desks-phone = Telephone number
desks-unchecked = Not yet
desks-change = Change the desk
desks-change-text = Is everything still right? Then save it. We write down that you looked.
desks-name = Name of the desk
desks-town = Town
desks-website = Website
desks-website-hint = Begins with https://
desk-kind-wsp = Help for employers and people with an adviser
desk-kind-rmt = Help from job to job
desk-kind-lwl = Help with learning and working
notice-desk-saved = Saved. The desk is checked.
referrals-title = Referrals
referrals-lead = These people ask a desk to call. A desk does so within 2 working days.
referrals-noted = The list holds names. We write down who looks at the list.
referrals-show = Show who still waits
referrals-show-all = Show all referrals
referrals-none = Nobody waits for a call now.
referrals-count = { $count ->
    [one] 1 referral
   *[other] { $count } referrals
}
referrals-desks = Look at the desks
referral-open = To call
referral-not-reached = Not reached yet
referral-spoken = Spoken
referral-closed = Done
referral-withdrawn = Taken back
referral-question = Question: { $question }
referral-since = Asked on { $date }.
referral-before = Call before { $moment }.
referral-overdue = That has passed.
referral-tries = { $count ->
    [one] Tried once.
   *[other] Tried { $count } times.
}
referral-set-spoken = We spoke
referral-set-not-reached = Not reached
referral-set-closed = Done with this question
referral-saved = Saved.
erasures-title = Erased people
erasures-lead = Who asks to be erased disappears everywhere. Here you see whether that is so.
erasures-none = Nobody was erased yet.
erasures-count = { $count ->
    [one] 1 erasure
   *[other] { $count } erasures
}
erasures-column-id = Number, nobody's now
erasures-column-at = Erased on
erasures-column-confirmed = Confirmed by
erasures-column-state = State
erasures-nobody = Nobody yet
erasures-overdue = Too late, look into this
erasures-waiting = We still wait
erasures-clean = All empty on { $date }
colleagues-title = Colleagues
colleagues-count = { $count ->
    [one] 1 account
   *[other] { $count } accounts
}
colleagues-invite = Invite a colleague
colleagues-invite-text = Your colleague then sees and changes the same jobs as you.
colleagues-end = End the account of { $name }
notice-employer-saved = Saved. The employer is changed.
notice-manager-set = Saved. The adviser is changed.
notice-site-saved = Saved. The site is in the list.
notice-site-ended = Ended. The site is no longer in the list.
notice-contact-saved = Saved. The contact person is in the list.
notice-contact-deleted = Deleted. The contact person is gone.
benefit-confirm-title = Confirm what this person lives on
benefit-confirm-question = What does your organisation know for sure?
benefit-confirm-hint = This stands beside what the person says. It counts for the figures only.
benefit-confirm-button = Confirm
notice-benefit-confirmed = Saved. The person sees who confirmed this.
problem-background-not-told = This person has not told us about this yet.
