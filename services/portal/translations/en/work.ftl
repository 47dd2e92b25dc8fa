### Openings in words, and the reasons why one fits.

home-title = Work is closer than you think
home-lead = Tell us in 5 questions what you like to do. You see at once which jobs suit you.
home-doors-title = What would you like to do?
home-door-seeker = I am looking for work
home-door-seeker-text = 5 questions, less than 1 minute. No CV needed.
home-door-employer = I am looking for people
home-door-employer-text = Post a job together with an adviser.
home-door-organiser = I organise
home-door-organiser-text = Bring people and employers together.
home-near-title = Work near you
home-near-hint = The 4 digits are enough. We keep them on your device only.
home-near-button = Show jobs
home-near-all = All jobs nearby
home-how-title = How it goes
home-how-1 = You tell us what you like and when you can work.
home-how-2 = We show jobs and say why they suit you.
home-how-3 = You choose. We do not call or mail without your yes.
openings-title = Work near you
openings-distance = How far?
openings-within = up to { $km } km
openings-button = Show
openings-empty = Fill in your postcode. Then the jobs near you will be here.
openings-found = { $count ->
    [one] 1 job within { $km } km of { $place }
   *[other] { $count } jobs within { $km } km of { $place }
}
openings-order = The nearest job is at the top.
openings-none-title = No jobs yet within { $km } km of { $place }
openings-none-text = Register. New jobs will then be on your own page.
openings-none-button = Register me
openings-outside-title = Just a little further
opening-back = Jobs nearby
opening-facts = The facts
opening-hours = Hours
opening-times = When
opening-days = Days
opening-cao = By the collective agreement
opening-offered = What you get
opening-start = First day
opening-start-any = To be agreed
opening-pay = Pay, before tax
opening-places = Places
opening-places-count = { $count ->
    [one] 1 place
   *[other] { $count } places
}
opening-route = Kind of job
opening-tasks = This is what you will do
opening-checks = Good to know
opening-checks-why = Read this first. You judge for yourself whether it suits you.
opening-needs = What do you need?
opening-needs-none = You need nothing: no diploma, no experience.
opening-open-hiring = **No interview, no CV.** First come, first to start.
opening-paused = This job is on hold. Look again later, or choose another job.
opening-call-title = Do you want this job?
opening-call-text = Call us. We tell you what the next step is.
opening-call-say = Say: it is about { $title } in { $place }.
opening-call-button = Call { $phone }
opening-register-title = Does this work suit you?
opening-register-text = Register. Then you see for each job why it suits you.
opening-register-button = Register me
gone-title = This job is gone
gone-text = The places are taken or the employer has withdrawn the job.
gone-others = Other jobs near you
gone-button = All jobs nearby
route-regular = Regular job
route-regular-hint = You meet people and choose together.
route-open-hiring = Open Hiring
route-open-hiring-hint = Who wants to work, starts. No interview, no CV.
route-learn-work = Learning and working
route-learn-work-hint = Someone learns the trade and works. Sometimes learning comes first.
route-jobcarving = New job of separate tasks
route-jobcarving-hint = The tasks come from other people's jobs and fit together.
route-basic-job = Basic job
route-basic-job-hint = The job is made to fit someone.
route-participation-job = Participation job
route-participation-job-hint = Someone gets used to working and keeps a benefit.
route-trial-placement = Try first
route-trial-placement-hint = Someone tries the work with a benefit. A contract can follow.
terms-start = { $count ->
    [one] On { $date } 1 person can begin.
   *[other] On { $date } { $count } people can begin.
}
terms-carved = The tasks come from the work of: { $jobs }.
terms-guidance = { $hours ->
    [0] There is no fixed guidance.
    [one] You get 1 hour of guidance a week.
   *[other] You get { $hours } hours of guidance a week.
}
terms-months = { $count ->
    [one] This takes 1 month.
   *[other] This takes { $count } months.
}
terms-weeks = { $count ->
    [one] You try it for 1 week.
   *[other] You try it for { $count } weeks.
}
terms-contract = Does it go well? Then a contract of { $count } months follows.
terms-benefit-stays = You keep your benefit in this time.
terms-premium = The municipality gives you a premium every half year.
terms-school = You learn at { $school }.
terms-learn-hours = Learning: { $learning } hours a week. Working: { $working } hours a week.
terms-result = At the end: { $result }.
daypart-morning = in the morning
daypart-afternoon = in the afternoon
daypart-evening = in the evening
daypart-night = at night
daypart-weekend = at the weekend
daypart-morning-hint = from 6:00 to 12:00
daypart-afternoon-hint = from 12:00 to 18:00
daypart-evening-hint = from 18:00 to 23:00
daypart-night-hint = from 23:00 to 6:00
daypart-weekend-hint = Saturday and Sunday in the daytime
hours-exactly = { $hours } hours a week
hours-between = { $min } to { $max } hours a week
pay-per-hour = { $amount } an hour
means-foot = On foot
means-bicycle = Bicycle
means-public-transport = Bus, tram or train
means-car = Car, moped or motorcycle
support-job-coach = Someone who helps you at work
support-buddy = A regular colleague who goes along
support-training = Training or a course
support-transport = Transport, or money for it
support-childcare = Help with childcare
support-equipment = Work clothes or tools
support-phased-start = Starting calmly with fewer hours
support-quiet-place = A quiet place
support-step-free = No stairs, with room for a wheelchair
support-interpreter = An interpreter in the first weeks
support-fitting-hours = Times that fit caring for others
requirement-adult = 18 years or older
requirement-conduct = Certificate of conduct (VOG)
requirement-licence = Driving licence B
requirement-own-car = A car of your own
requirement-forklift = Forklift certificate
requirement-vca = Certificate for working safely (VCA)
requirement-dutch = Simple Dutch
requirement-good-dutch = Good Dutch
requirement-diploma = Diploma or certificate for this trade
requirement-experience = Experience in this work
firmness-none = Not needed
firmness-legal = The law asks it
firmness-needed = Needed from the first day
firmness-learned = You learn it here
need-legal = { $what }. The law asks it: { $ground }.
need-legal-plain = { $what }. The law asks it.
need-needed = { $what }. This is needed from the first day.
need-needed-why = { $what }. This is needed from the first day. Why: { $reason }
need-learned = { $what }. You learn this here.
check-lift = You lift up to { $kilos } kilos.
check-stand = { $hours ->
    [one] You stand 1 hour a day.
   *[other] You stand { $hours } hours a day.
}
check-walk = You walk a lot.
check-outside = You work outside.
check-cold = You work in the cold, down to { $degrees } degrees.
check-noise = There is much noise.
people-count = { $count ->
    [one] 1 person
   *[other] { $count } people
}
people-count-few = fewer than 10 people
reasons-fits = Fits:
reasons-mind = Note:
reason-tasks-you = You like doing this: { $tasks }.
reason-tasks-someone = Likes doing: { $tasks }.
reason-related-you = This is much like what you enjoy: { $task }.
reason-related-someone = Likes something much like this: { $liked }.
reason-any-task-you = You said that anything is fine.
reason-any-task-someone = Is open to any kind of work.
reason-near-you = Close by: { $distance }.
reason-near-someone = Lives close by: { $distance }.
reason-hours = The hours fit: { $hours }.
reason-dayparts-you = The times fit: { $dayparts }.
reason-dayparts-someone = Can work at these times: { $dayparts }.
reason-open-hiring = No interview and no CV needed.
reason-learned = You learn this at work: { $what }.
reason-has-you = You have this already: { $what }.
reason-has-someone = Has this already: { $what }.
mind-begins-earlier = The work begins on { $date }.
mind-begins-earlier-way-you = You can begin later. Ask whether that is possible.
mind-begins-earlier-way-someone = Can begin later. Ask what is possible.
mind-asked-legal = The law asks here: { $what }.
mind-asked-legal-way-you = Is that right for you? Then you can simply join in.
mind-asked-needed = Needed here: { $what }.
mind-asked-needed-way-you = Not yet? Call us, sometimes you can learn it.
mind-asked-way-someone = We have not asked this. Ask about it at the first talk.
mind-daypart = Part of the work is { $daypart }.
mind-daypart-way-you = Ask whether you can work at other times.
mind-daypart-way-someone = See whether someone else can work at that time.
mind-hours = This job is { $hours }.
mind-hours-way-you = Tell us how many hours you want. Then we search better.
mind-hours-way-someone = The number of hours is not known yet. Ask about it.
mind-dayparts-you = You have not said yet when you can work.
mind-dayparts-someone = The times are not known yet.
mind-dayparts-way-you = Fill this in under My details.
mind-dayparts-way-someone = Ask about it at the first talk.
mind-travel-you = You have not said how far you travel. We took { $km } km.
mind-travel-someone = The travel distance is not known yet. We took { $km } km.
mind-travel-way-you = Fill this in under My details.
mind-travel-way-someone = Ask about it at the first talk.
