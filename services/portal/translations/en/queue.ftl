### Open Hiring: the line that people stand in, as they and everyone see it.

queue-title = The line
queue-work = { $title }, { $employer }, { $place }
queue-waiting = Waiting now: { $people }.
queue-day = { $count ->
    [0] On { $date } there is no place left.
    [one] On { $date } 1 more person can begin.
   *[other] On { $date } { $count } more people can begin.
}
queue-days-none = There is no first day yet.
queue-button = Put me in line
queue-opens = The line opens on { $moment }.
queue-full = Every place is given away. The line is full.
queue-closed = This line is closed.
queue-closed-why = This line is closed. { $reason }
queue-stopped = We ask nobody for now. { $reason }
queue-stopped-keeps = Everyone keeps her place in line.
queue-hers = See my place
notice-queue-in-line = Done. You are in line.
notice-queue-already = You are in this line already. This is your place.
notice-queue-back = Done. You are in line again, at your own place.
notice-queue-paused = Done. You are on pause. Your place is kept.
notice-queue-days = Done. We ask you for the days that you chose.
notice-queue-left = Done. You are out of the line.
notice-queue-gave-back = Done. We ask the next person. Your place is on pause.
notice-offer-yes = Done. We tell the employer.
notice-offer-no = Done. You said no.
notice-offer-other-day = Done. You stay in line for another day.
notice-receipt-later = Your proof is here in an hour.
signup-title = Put me in line
signup-back = Back to the job
signup-question = How can we reach you?
signup-checks = Read this first
signup-laws = What the law asks
signup-law-adult = You must be 18 or older. The law asks this: { $ground }.
signup-laws-later = You confirm this when you say yes to work. We keep no answer.
signup-name = First name
signup-contact-hint = You get a code on this. For example 06 12 34 56 78.
signup-code-sms = Done. We now send you a text message with a code. Type the code to see your place.
signup-code-mail = Done. We now send you an e-mail with a code. Type the code to see your place.
signup-code-none-sms = No text message? We call you within 2 working days.
signup-code-none-mail = No e-mail? Look in your junk mail too.
signup-code-hours = Nobody confirms this within 48 hours? Then your place ends.
days-question = On which day do you want to begin?
days-question-desk = On which day does this person want to begin?
days-hint = More days is fine. Nothing chosen? Then any day is good.
days-free = { $count ->
    [0] No place is free now.
    [one] 1 place free
   *[other] { $count } places free
}
days-keeps = The place in line stays the same. Is a day added? Then we ask about that too.
days-button = Save
days-link = Choose other days
days-wanted = You chose as first day: { $days }.
days-none = You cannot on the days that there are now. Is a day added? Then we ask you.
ticket-title = Your place in line
ticket-number = Your place
ticket-before = { $count ->
    [0] You are next.
    [one] There is **1 person before you**.
   *[other] There are **{ $count } people before you**.
}
ticket-per-week = { $count ->
    [0] In the last 4 weeks we asked almost nobody here.
    [one] In the last 4 weeks we asked 1 person a week here.
   *[other] In the last 4 weeks we asked { $count } people a week here.
}
ticket-weeks = { $count ->
    [0] It is probably your turn this week. That is an estimate.
    [one] It is probably your turn in 1 week. That is an estimate.
   *[other] It is probably your turn in { $count } weeks. That is an estimate.
}
ticket-refresh = Refresh
ticket-now = What happens now?
ticket-nothing-to-do = You need not do anything.
ticket-reached-sms = Is it your turn? Then you get a text message on **{ $contact }**.
ticket-reached-mail = Is it your turn? Then you get an e-mail at **{ $contact }**.
ticket-reached-call = Is it your turn? Then we call you on **{ $contact }**.
ticket-reached-nowhere = We have no number or address of yours. Call us to hear how it stands.
ticket-answer-hours = { $hours ->
    [one] You then have 1 hour to say yes or no.
   *[other] You then have { $hours } hours to say yes or no.
}
ticket-answer-counting = Only hours on working days count, from { $from } to { $until }.
ticket-unconfirmed = Your number or address is not confirmed yet.
ticket-unconfirmed-next = Did you just type a code? Then this takes a few seconds.
ticket-unconfirmed-herself = Does it take longer, or did somebody else sign you up? Then say here yourself that you want to be in line.
ticket-paused = Your place stays { $number }. You get no offer until you take part again.
ticket-not-out = You are not out of the line.
ticket-too-late = The time is over
ticket-too-late-next = We asked the next person. Your place is on pause.
ticket-go-on = Take part again
ticket-change = What do you want to change?
ticket-pause = Pause for now
ticket-pause-keeps = You keep your place.
ticket-contact = Another telephone number
ticket-step-down = Leave the line
ticket-down-question = Do you want to leave the line?
ticket-down-text = You are at place { $number }. You can undo this for 24 hours.
ticket-down-button = Take me out of the line
ticket-down-no = No, I stay
ticket-give-link = Can you not come after all?
ticket-give-question = Can you not begin after all?
ticket-give-text = We then ask the next person. You keep place { $number }, on pause.
ticket-give-button = I cannot after all
ticket-give-no = I do begin
ticket-yes-title = Done. You begin on { $date }.
ticket-yes-next = The employer knows and contacts you.
ticket-yes-calendar = Put it in my calendar
ticket-yes-calendar-title = First working day: { $title }, { $employer }
ticket-started = You have begun.
ticket-ended = You are no longer in this line.
ticket-undo = Undo
ticket-undo-until = You can undo this until { $moment }.
ticket-undo-keeps = You then get place { $number } back.
ticket-why = Why am I here?
ticket-why-new-contact = You have a new number or address. No offer goes there before { $moment }.
ticket-why-stopped = The line asks nobody for now.
ticket-why-closed = The line is closed.
ticket-why-other-days = Places are free, but not on a day that you can.
ticket-why-too-soon = The free places begin very soon. There is too little time to ask you.
ticket-why-no-place-free = No place is free now.
ticket-why-soon = A place is free. We ask you in a moment.
ticket-step-signed-up = You went to stand in line.
ticket-step-confirmed = You confirmed your number or address.
ticket-step-unconfirmed = Nobody confirmed your number or address within 48 hours.
ticket-step-contact-changed = You gave another number or address.
ticket-step-offered = There was work for you.
ticket-step-said-yes = You said yes.
ticket-step-said-no = You said no.
ticket-step-not-that-day = You wanted the work, but not on that day.
ticket-step-refuses-days = You chose on which days you want to begin.
ticket-step-said-later = You said: not now, later.
ticket-step-no-answer = The time to answer went by.
ticket-step-not-reached = We could not reach you.
ticket-step-offer-ended = The offer ended for a labour conflict.
ticket-step-paused = You went on pause.
ticket-step-goes-on = You took part again.
ticket-step-stepped-down = You left the line.
ticket-step-came-back = You undid that and got your own place.
ticket-step-gave-back = You could not begin after all.
ticket-step-started = You began to work.
ticket-step-not-come = You did not come on the first day.
ticket-step-corrected = Something was written down wrongly. That is corrected.
ticket-step-set-right = We set a mistake right. You stand in the line again.
ticket-step-because = { $step } { $reason }
ticket-step-queue-closed = The line closed.
ticket-receipt = Your proof
ticket-receipt-sentence = Place { $number } in line, since { $moment }.
ticket-receipt-why = With this file everyone can check that your place is right.
ticket-receipt-button = Keep my proof
ticket-line-waiting = { $count ->
    [0] Place { $number }. You are next.
    [one] Place { $number }. There is 1 person before you.
   *[other] Place { $number }. There are { $count } people before you.
}
ticket-line-unconfirmed = Place { $number }. Not confirmed yet.
ticket-line-offered = There is work. Say yes or no before { $moment }.
ticket-line-begins = You begin on { $date }.
ticket-line-paused = Place { $number }. You are on pause.
ticket-line-left = You left the line. You can undo this until { $moment }.
offer-title = There is work for you
offer-until = Say yes or no before **{ $moment }**.
offer-left-days = You have { $count } days left.
offer-left-hours = { $count ->
    [one] You have 1 hour left.
   *[other] You have { $count } hours left.
}
offer-left-minutes = { $count ->
    [one] You have 1 minute left.
   *[other] You have { $count } minutes left.
}
offer-where = Where
offer-question = Do you begin?
offer-laws-confirm = By saying yes you say that this is so.
offer-gives-phone = We give your first name and telephone number to { $employer }.
offer-gives-mail = We give your first name and e-mail address to { $employer }.
offer-gives-name = We give your first name to { $employer }.
offer-others = { $count ->
    [one] You are in 1 other line too.
   *[other] You are in { $count } other lines too.
}
offer-others-question = If you say yes: what do we do with your other places?
offer-others-hint = You can undo this until your first working day.
offer-others-stay = Leave me there
offer-others-leave = Take me out of those
offer-yes = Yes, I begin
offer-no = No, not this
offer-later = Not now, later
offer-other-day = Yes, but not on that day
offer-later-keeps = With "later" and "not on that day" you keep your place.
mywork-offer-button = Look and choose
mywork-queue-title = My places in line
proof-title = Everyone can check the line
proof-order = How the order works
proof-order-1 = Who signs up first gets the lowest number.
proof-order-2 = A free place goes to the lowest number that can take it then.
proof-order-3 = Nobody can swap places or put someone in between, and neither can we.
proof-order-4 = We write down everything that happens. Nobody can change that later unseen.
proof-order-servers = Within one server the order of arrival counts. Across servers at most one batch overtakes you.
proof-now = How the line stands now
proof-places = Places by first day
proof-state = How it stands
proof-count = Number
proof-place-too-soon = Free, but begins too soon to be offered
proof-place-free = Free
proof-place-offered = Offered
proof-place-taken = Somebody said yes
proof-place-started = Somebody began
proof-place-withdrawn = Taken back
proof-place-withdrawn-why = Taken back. { $reason }
proof-head-title = The last head
proof-head = On { $moment } there were { $count } entries. This is their seal:
proof-head-none = There is no head yet. It comes after the first full hour.
proof-head-hides = Each hour we publish the head. It holds no names, times or answers.
proof-check = How to check it
proof-check-1 = Keep your proof. You find it with your place in line.
proof-check-2 = Keep the heads and the keys of this page.
proof-check-3 = Let a program compute that your proof fits. Call us for help.
proof-heads-file = Keep all heads
proof-keys-file = Keep the keys
problem-answer-too-late = The time is over. We asked the next person. Your place is on pause.
problem-no-offer = This offer is gone. Here you see how your place stands now.
problem-said-yes = You said yes already. Can you not come after all? Say so here.
problem-ticket-over = This place in line is over.
problem-answer-first = There is work for you. Say yes or no first.
problem-ticket-unknown = This place in line does not exist.
