### Registration in five questions.

register-back-home = Back to the start
register-place-question = Where do you live?
register-place-why = Then we look for work close by.
register-place-hint = The 4 digits are enough.
register-tasks-question = What do you like to do?
register-tasks-why = Choose one or more kinds of work.
register-tasks-others = Or say it like this
register-tasks-any = Anything is fine
register-tasks-any-hint = We show all kinds of work.
register-tasks-unknown = I do not know yet
register-tasks-unknown-hint = You can choose this later.
tasks-search = Type a task, for example cleaning
tasks-search-none = Nothing found. Try another word.
tasks-search-button = Search tasks
tasks-search-found = Found
tasks-search-via = Belongs to: { $title }
tasks-search-other = Nothing found. Choose Search tasks, then we also search in occupations.
tasks-choose = Choose tasks
register-when-question = When can you work?
register-when-why = Then we look for jobs at times that suit you.
register-when-hint = Choose everything that is possible.
register-hours-question = How many hours a week?
hours-up-to-12 = up to 12 hours
hours-12-24 = 12 to 24 hours
hours-24-32 = 24 to 32 hours
hours-over-32 = more than 32 hours
hours-unknown = I do not know
register-fitting = { $count ->
    [one] There is now **1 job** that fits this.
   *[other] There are now **{ $count } jobs** that fit this.
}
register-reach-question = How can we reach you?
register-reach-why = We send you a code. That is how we know it is you.
register-name = What may we call you?
register-name-hint = Your first name or a nickname.
register-contact-hint = For example 06 12 34 56 78 or name@example.nl.
register-channel = What do you like best?
channel-sms = Text message
channel-call = Call
channel-email = E-mail
register-consent-question = What may we do with your details?
register-consent-why = You need not tick anything. You always see your work.
consent-open-file = Employers may see my profile, without my name.
consent-open-file-hint = They see your wishes, times, languages, papers and municipality.
consent-adviser = An adviser may think along with me.
consent-adviser-hint = An adviser in your region sees which jobs fit, and may call or mail you.
consent-figures = Keep how I came here, for the figures.
consent-figures-hint = That tells us whom we reach. Your benefit, too, counts only here.
register-consent-change = You can change this any day.
register-consent-privacy = Read what we keep
register-finish = Show my work
