### Start pages of staff, employers, accounts.

desk-title = My desk
desk-today = Today is { $date }.
desk-import-refused = { $count ->
    [one] Your file of { $rows } rows: 1 row is not right yet.
   *[other] Your file of { $rows } rows: { $count } rows are not right yet.
}
desk-import-running = Your file of { $rows } rows is not done yet.
desk-import-link = See the report
desk-empty-title = Nothing open today
desk-empty-text = All jobs are posted and have people in view.
desk-quiet-title = Few people in view yet
desk-quiet-text = Asking less or offering other times often helps.
desk-drafts-title = Drafts
jobs-title = Jobs
jobs-new = Post a job
jobs-import = Jobs from a file
jobs-count = { $count ->
    [one] 1 job
   *[other] { $count } jobs
}
jobs-empty = No jobs yet. Post one: it takes 5 minutes.
jobs-no-count = –
jobs-column-job = Job
jobs-column-employer = Employer
jobs-column-route = Kind
jobs-column-people = In view
jobs-column-state = State
job-state-draft = Draft
job-state-open = Open
job-state-closed = Closed
employers-title = Employers
employers-new = Add an employer
employers-search = Search by name or KVK number
employers-search-button = Search
employers-count = { $count ->
    [one] 1 employer
   *[other] { $count } employers
}
employers-empty = No employers yet. Add the first one.
employers-none = Nothing found for "{ $search }". Try part of the name.
employers-column-name = Name
employers-column-place = Place
employers-column-open = Open jobs
employer-new-title = New employer
employer-name = Name of the employer
employer-name-hint = As people know the company.
employer-kvk-hint = 8 digits.
employer-postcode = Postcode of the site
employer-postcode-hint = For example 1315 RC.
employer-contact-title = Contact person
employer-contact-why = Whom do you call about a job? Only advisers see this.
employer-contact-name = Name of the contact person
employer-contact-reach = Can be reached at
employer-new-button = Add the employer
employer-new-job = Post a job for this employer
employer-jobs = Jobs of this employer
employer-jobs-none = This employer has no jobs yet.
employer-facts = About this employer
employer-kvk-unchecked = Only the form of the KVK number was checked.
company-title = I am looking for people
company-lead = More people want to work than you think.
company-jobs = My jobs
company-how = How it goes
company-how-1 = You call us. An adviser from your region thinks along.
company-how-3 = You hear how many people can do the work.
company-account = Did you get an invitation?
company-signin = Sign in for staff
organiser-title = Fairs and meetings
organiser-lead = Here you will plan meetings. That part is not ready yet.
organiser-now = What you can do now
organiser-now-1 = See which jobs there are around your place.
organiser-now-2 = Let visitors register: it takes 1 minute.
organiser-button = See jobs nearby
accounts-title = Accounts
accounts-invite = Invite someone
accounts-count = { $count ->
    [one] 1 account
   *[other] { $count } accounts
}
accounts-column-name = Name
accounts-column-roles = Roles
accounts-column-state = State
accounts-state-active = In use
accounts-state-invited = Invited until { $date }
accounts-state-ended = Ended on { $date }
invite-title = Invite someone
invite-lead = This person gets an e-mail with a code.
invite-name = Name
invite-roles = What may this person do?
invite-employer = Employer
invite-employer-hint = Only for people of an employer.
invite-employer-none = No employer
invite-button = Send the invitation
account-again-title = No answer yet?
account-again-text = The old code then stops working.
account-again-button = Send a new invitation
account-end-title = End the account
account-end-text = This person can then no longer sign in.
account-end-button = End this account
account-end-last = This is the last administrator. Make someone else administrator first.
notice-employer-added = Saved. The employer is in the list.
notice-invited = Sent. The invitation works for 7 days.
notice-account-ended = Ended. This person can no longer sign in.
job-state-paused = Paused
company-jobs-none = No job yet. Post one: it takes 5 minutes.
company-how-2 = You post your job yourself, or the adviser does it with you.
company-kinds = Kinds of jobs
company-sites = Sites and contact persons
company-colleagues = Colleagues
waiting-people = { $count ->
    [one] 1 person waits for an answer.
   *[other] { $count } people wait for an answer.
}
waiting-overdue = { $count ->
    [one] 1 person waits too long for an answer.
   *[other] { $count } people wait for an answer, some too long.
}
waiting-link = See who waits
invite-organisation = Organisation
invite-organisation-hint = People read this name, for example: Bibliotheek Almere.
invite-regions-open = Regions
invite-region = For which regions?
invite-region-hint = For advisers, helpers and organisers.
account-save = Save the rights
notice-account-saved = Saved. This holds at once.
employer-contact-none = No contact person yet.
