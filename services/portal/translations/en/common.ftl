### The frame of every page: navigation, help, footer, dates and distances.

page-skip = Skip to content
page-error-prefix = Error:
page-errors-title = Something still needs attention
nav-label = Main menu
nav-menu = Menu
nav-openings = Find jobs
nav-rules = How it works
nav-sign-in = Sign in
nav-sign-out = Sign out
nav-my-work = My work
nav-my-details = My details
nav-desk = My desk
nav-employers = Employers
nav-jobs = Jobs
nav-company = My jobs
nav-meetings = Fairs
nav-accounts = Accounts
nav-people = People
nav-interest = Answers
nav-referrals = Referrals
nav-open-file = People
nav-own-interest = Who wants to work with us
nav-register = Register someone
nav-my-people = My people
nav-erased = Erased
crumbs-label = You are here
demo-label = About this demo
demo-line = This is a trial: people and jobs are made up.
demo-mailbox = See the messages sent
help-line = Need help? Call
help-link = I want help
footer-label = About Dichterbij
footer-slogan = Closer than you think.
footer-rules = How it works
footer-privacy = Privacy
footer-accessibility = Accessibility
footer-languages = Languages
footer-staff = For staff
pages-label = Pages
pages-previous = Previous
pages-next = Next
pages-where = Page { $page } of { $pages }
date-weekday = { $number ->
    [1] Monday
    [2] Tuesday
    [3] Wednesday
    [4] Thursday
    [5] Friday
    [6] Saturday
   *[7] Sunday
}
date-weekday-short = { $number ->
    [1] Mon
    [2] Tue
    [3] Wed
    [4] Thu
    [5] Fri
    [6] Sat
   *[7] Sun
}
date-month = { $number ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
}
date-month-short = { $number ->
    [1] Jan
    [2] Feb
    [3] Mar
    [4] Apr
    [5] May
    [6] Jun
    [7] Jul
    [8] Aug
    [9] Sep
    [10] Oct
    [11] Nov
   *[12] Dec
}
date-long = { $weekday } { $day } { $month }
date-year = { $day } { $month } { $year }
date-time = { $time }
date-moment = { $date } at { $time }
list-and = { $first } and { $last }
distance-metres = { $metres } metres
distance-kilometres = { $km } km
distance-by-foot = { $minutes ->
    [one] { $distance }, 1 minute on foot
   *[other] { $distance }, { $minutes } minutes on foot
}
distance-by-bicycle = { $minutes ->
    [one] { $distance }, 1 minute by bicycle
   *[other] { $distance }, { $minutes } minutes by bicycle
}
distance-by-public-transport = { $minutes ->
    [one] { $distance }, 1 minute by bus or train
   *[other] { $distance }, { $minutes } minutes by bus or train
}
distance-by-car = { $minutes ->
    [one] { $distance }, 1 minute by car
   *[other] { $distance }, { $minutes } minutes by car
}
role-manager = Adviser
role-manager-hint = Adds employers and posts jobs in her region.
role-employer = Employer
role-employer-hint = Sees the jobs of one employer.
role-helper = Helper
role-helper-hint = Registers people, together with them.
role-organiser = Organiser
role-organiser-hint = Organises fairs in a region.
role-administrator = Administrator
role-administrator-hint = Invites people and ends accounts.
