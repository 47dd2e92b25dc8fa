### Messages between parts of the platform that are stuck, for administrators.

nav-stuck = Stuck
nav-stuck-count = Stuck ({ $count })
stuck-title = Stuck messages
stuck-lead = The parts of Dichterbij send each other messages. Here you see messages that failed six times.
stuck-none = Nothing is stuck. You need not do anything.
stuck-count = { $count ->
    [one] 1 message is stuck.
   *[other] { $count } messages are stuck.
}
stuck-what = First mend the cause. Then try again.
stuck-away = These parts do not answer now: { $parts }. Something may be stuck there too.
stuck-no-message = Not a message that we know
stuck-from-to = From { $from } to { $part }.
stuck-at = At { $part }.
stuck-since = Stuck since { $moment }.
stuck-attempts = { $count ->
    [one] Tried once.
   *[other] Tried { $count } times.
}
stuck-about = It is about number
stuck-reason = This went wrong:
stuck-retry = Try again
stuck-failed-again = It failed again. What went wrong stands with the message.
stuck-retry-page = Try these { $count } messages again
stuck-some-failed-again = { $count ->
    [one] 1 message failed again. What went wrong stands with the message.
   *[other] { $count } messages failed again. What went wrong stands with each message.
}
notice-stuck-all-through = Done. These messages have arrived after all.
stuck-discard-open = Put this message away
stuck-note = Why do you put it away?
stuck-note-hint = The message will then never arrive. Do not write names of people.
stuck-discard = Put away
notice-stuck-took-effect = Done. The message has arrived after all.
notice-stuck-had-taken-effect = This message had arrived already. It is not in the list any more.
notice-stuck-discarded = The message is put away. We keep your reason.
notice-stuck-decided = This message is not in the list any more. Someone was faster.
field-note-empty = Write why you put it away.
field-note-long = Make the reason shorter. It can have 500 characters.
