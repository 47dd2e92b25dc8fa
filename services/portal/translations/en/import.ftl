### Jobs from a file, as a conversation.
import-title = Jobs from a file
import-file = Which file?
import-example = Download an example
import-columns-title = The columns in the file
import-columns-name = Column
import-columns-needed = Needed
import-columns-what = What is in it
import-columns-yes = Yes
import-columns-no = May be empty
import-column-kenmerk = Your own number of the job. The same number changes the same job.
import-column-kvk = 8 digits.
import-column-werkgever = Name of the employer.
import-column-functie = Name of the job.
import-column-soort = gewoon or open hiring.
import-column-taken = Tasks from the list, with a bar between: task|task.
import-column-omschrijving = More about the work.
import-column-postcode = 1315 RC or 1315.
import-column-uren-min = Fewest hours a week.
import-column-uren-max = Most hours a week.
import-column-dagdelen = ochtend|middag|avond|nacht|weekend (morning to weekend)
import-column-begint = First day: 7-12-2026.
import-column-sluit = Last day on which the job is shown.
import-column-plaatsen = How many people can start.
import-column-uurloon = 15,20 or 15.20
import-running-title = We are processing your file
import-partly-title = { $count ->
    [one] Done, 1 row is not right yet
   *[other] Done, { $count } rows are not right yet
}
import-finished-title = Done, all rows are right
import-progress = { $done } of { $rows } rows looked at
import-running-text = You can close this page. The work goes on.
import-running-link = Look again now
import-number = { $count }
import-count-placed = Newly posted
import-count-changed = Changed
import-count-unchanged = The same
import-count-refused = Not right yet
import-finished-text = The jobs are open now.
import-finished-button = See the jobs
import-refused-title = These rows are not right yet
import-refused-text = Mend them in your file and send them again.
import-download = { $count ->
    [one] Download this row
   *[other] Download these { $count } rows
}
import-again = Send a new file
import-refused-reason = What helps
import-refused-empty = (empty)
import-lead = First you see what will happen. Then you post.
import-file-hint = CSV, Excel CSV or a file with JobPosting (JSON). Up to 20 MB.
import-who = Nobody gets a message about this.
import-button = Check the file
import-mine-title = Your latest files
import-mine-file = File of { $moment }
import-mine-rows = { $count ->
    [one] 1 row
   *[other] { $count } rows
}
import-state-receiving = not all here yet
import-state-mapping = you still choose the columns
import-state-judging = we are checking the rows
import-state-judged = ready to post
import-state-running = being posted
import-state-finished = posted
import-state-undoing = being undone
import-state-undone = undone
import-map-title = Is this right?
import-map-seen = { $columns ->
    [one] We see 1 column.
   *[other] We see { $columns } columns.
}
import-map-known = { $known ->
    [0] We do not recognise any yet.
   *[other] We recognise { $known }.
}
import-map-missing = These columns are still needed: { $columns }.
import-map-heading = In your file
import-map-samples = The first values
import-map-means = That is with us
import-map-unused = Do not use
import-map-remembered = We remember this for your next file.
import-map-button = Check the rows
import-map-again = Choose other columns
import-judging-title = We are checking your file
import-judged-title = This is what will happen
import-will-placed = New
import-will-refused = Not right
import-row = Row { $row }
import-perhaps = Perhaps: { $tasks }
import-place-button = { $count ->
    [one] Post 1 job
   *[other] Post { $count } jobs
}
import-without-refused = Rows that are not right are left out.
import-nothing-to-place = There is nothing to post now.
import-mend-text = Mend them here. Or mend them in your file and send them again.
import-mend-button = { $count ->
    [one] Save this row
   *[other] Save these { $count } rows
}
import-none-shown = There are no rows here.
import-note-tasks = { $count ->
    [one] For 1 job we chose tasks by its occupation. Please check them afterwards.
   *[other] For { $count } jobs we chose tasks by their occupation. Please check them afterwards.
}
import-note-cut = { $count ->
    [one] The text of 1 job was too long. We shortened it.
   *[other] The text of { $count } jobs was too long. We shortened it.
}
import-note-pay = { $count ->
    [one] With 1 job the pay was not by the hour. We put it in the text.
   *[other] With { $count } jobs the pay was not by the hour. We put it in the text.
}
import-undo-until = You can undo this until { $moment }.
import-undo-link = Undo this
import-undo-title = Do you want to undo this?
import-undo-no = No, leave it
import-undo-placed = { $count ->
    [one] 1 new job will close.
   *[other] { $count } new jobs will close.
}
import-undo-changed = { $count ->
    [one] 1 changed job will be as it was.
   *[other] { $count } changed jobs will be as they were.
}
import-undo-alone = Did someone change a job afterwards? Then it stays. A new employer goes. Does someone use it already? Then it stays.
import-undo-button = Undo
import-undoing-title = We are undoing this
import-undone-title = This is undone
import-undone-text = New jobs are closed. Other jobs are as they were.
import-left-alone = { $count ->
    [one] 1 job stayed. Someone changed it afterwards.
   *[other] { $count } jobs stayed. Someone changed them afterwards.
}
import-employers-undone = { $count ->
    [one] 1 new employer is gone too.
   *[other] { $count } new employers are gone too.
}
notice-rows-mended = Saved. We checked the rows again.
field-file-one-column = We see only one column. Save the file in Excel as CSV.
field-file-headings = This file has too many columns. Use no more than { $max }.
field-file-json = The file goes wrong at line { $line }, character { $column }. Look at the brackets and commas there.
field-file-json-no-job = We see no job in this file. In it a job is called JobPosting.
field-columns-number = The columns do not fit this file. Look at them again.
problem-import-not-judged = We are still checking the rows. Try again in a moment.
problem-import-not-finished = This file is not done yet. Try again in a moment.
problem-import-undo-too-late = It is too late to undo this. The time is over.
import-refused-row = Row
import-whole-row = The whole row
import-shown-placed = These jobs are new
import-shown-changed = These jobs change
import-shown-unchanged = These jobs stay the same
import-said = It said: { $value }
