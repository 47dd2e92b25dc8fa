### The frame of every page: navigation, help, footer, dates and distances.

page-skip = Naar de inhoud
page-error-prefix = Fout:
page-errors-title = Er gaat nog iets niet goed
nav-label = Hoofdmenu
nav-menu = Menu
nav-openings = Zoek banen
nav-rules = Zo werkt het
nav-sign-in = Inloggen
nav-sign-out = Uitloggen
nav-my-work = Mijn werk
nav-my-details = Mijn gegevens
nav-desk = Mijn werkplek
nav-employers = Werkgevers
nav-jobs = Banen
nav-company = Mijn banen
nav-meetings = Markten
nav-accounts = Accounts
nav-people = Mensen
nav-interest = Antwoorden
nav-referrals = Verwijzingen
nav-open-file = Mensen
nav-own-interest = Wie wil bij ons werken
nav-register = Iemand aanmelden
nav-my-people = Mijn mensen
nav-erased = Gewist
crumbs-label = U bent hier
demo-label = Over deze proef
demo-line = Dit is een proef: mensen en banen zijn verzonnen.
demo-mailbox = Verstuurde berichten bekijken
help-line = Hulp nodig? Bel
help-link = Ik wil hulp
footer-label = Over Dichterbij
footer-slogan = Dichterbij dan je denkt.
footer-rules = Zo werkt het
footer-privacy = Privacy
footer-accessibility = Toegankelijkheid
footer-languages = Talen
footer-staff = Voor medewerkers
pages-label = Bladeren
pages-previous = Vorige
pages-next = Volgende
pages-where = Pagina { $page } van { $pages }
date-weekday = { $number ->
    [1] maandag
    [2] dinsdag
    [3] woensdag
    [4] donderdag
    [5] vrijdag
    [6] zaterdag
   *[7] zondag
}
date-weekday-short = { $number ->
    [1] ma
    [2] di
    [3] wo
    [4] do
    [5] vr
    [6] za
   *[7] zo
}
date-month = { $number ->
    [1] januari
    [2] februari
    [3] maart
    [4] april
    [5] mei
    [6] juni
    [7] juli
    [8] augustus
    [9] september
    [10] oktober
    [11] november
   *[12] december
}
date-month-short = { $number ->
    [1] jan
    [2] feb
    [3] mrt
    [4] apr
    [5] mei
    [6] jun
    [7] jul
    [8] aug
    [9] sep
    [10] okt
    [11] nov
   *[12] dec
}
date-long = { $weekday } { $day } { $month }
date-year = { $day } { $month } { $year }
date-time = { $time } uur
date-moment = { $date } om { $time }
list-and = { $first } en { $last }
distance-metres = { $metres } meter
distance-kilometres = { $km } km
distance-by-foot = { $minutes ->
    [one] { $distance }, 1 minuut lopen
   *[other] { $distance }, { $minutes } minuten lopen
}
distance-by-bicycle = { $minutes ->
    [one] { $distance }, 1 minuut met de fiets
   *[other] { $distance }, { $minutes } minuten met de fiets
}
distance-by-public-transport = { $minutes ->
    [one] { $distance }, 1 minuut met bus of trein
   *[other] { $distance }, { $minutes } minuten met bus of trein
}
distance-by-car = { $minutes ->
    [one] { $distance }, 1 minuut met de auto
   *[other] { $distance }, { $minutes } minuten met de auto
}
role-manager = Adviseur
role-manager-hint = Voegt werkgevers toe en plaatst banen in haar regio.
role-employer = Werkgever
role-employer-hint = Ziet de banen van één werkgever.
role-helper = Helper
role-helper-hint = Meldt mensen aan, samen met hen.
role-organiser = Organisator
role-organiser-hint = Organiseert markten in een regio.
role-administrator = Beheerder
role-administrator-hint = Nodigt mensen uit en stopt accounts.
