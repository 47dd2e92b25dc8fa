### Start pages of staff, employers, accounts.

desk-title = Mijn werkplek
desk-today = Vandaag is het { $date }.
desk-import-refused = { $count ->
    [one] Uw bestand van { $rows } rijen: 1 rij is nog niet goed.
   *[other] Uw bestand van { $rows } rijen: { $count } rijen zijn nog niet goed.
}
desk-import-running = Uw bestand van { $rows } rijen is nog niet klaar.
desk-import-link = Bekijk het verslag
desk-empty-title = Niets open vandaag
desk-empty-text = Alle banen zijn geplaatst en hebben mensen in beeld.
desk-quiet-title = Nog weinig mensen in beeld
desk-quiet-text = Minder vragen of andere tijden helpt vaak.
desk-drafts-title = Concepten
jobs-title = Banen
jobs-new = Plaats een baan
jobs-import = Banen uit een bestand
jobs-count = { $count ->
    [one] 1 baan
   *[other] { $count } banen
}
jobs-empty = Nog geen banen. Plaats er een: dat kost 5 minuten.
jobs-no-count = –
jobs-column-job = Baan
jobs-column-employer = Werkgever
jobs-column-route = Soort
jobs-column-people = In beeld
jobs-column-state = Staat
job-state-draft = Concept
job-state-open = Open
job-state-closed = Gesloten
employers-title = Werkgevers
employers-new = Voeg een werkgever toe
employers-search = Zoek op naam of KVK-nummer
employers-search-button = Zoek
employers-count = { $count ->
    [one] 1 werkgever
   *[other] { $count } werkgevers
}
employers-empty = Nog geen werkgevers. Voeg de eerste toe.
employers-none = Niets gevonden bij "{ $search }". Probeer een deel van de naam.
employers-column-name = Naam
employers-column-place = Plaats
employers-column-open = Open banen
employer-new-title = Nieuwe werkgever
employer-name = Naam van de werkgever
employer-name-hint = Zoals mensen het bedrijf kennen.
employer-kvk-hint = 8 cijfers.
employer-postcode = Postcode van de vestiging
employer-postcode-hint = Bijvoorbeeld 1315 RC.
employer-contact-title = Contactpersoon
employer-contact-why = Wie belt u over een baan? Alleen adviseurs zien dit.
employer-contact-name = Naam van de contactpersoon
employer-contact-reach = Bereikbaar op
employer-new-button = Voeg de werkgever toe
employer-new-job = Plaats een baan voor deze werkgever
employer-jobs = Banen van deze werkgever
employer-jobs-none = Deze werkgever heeft nog geen banen.
employer-facts = Over deze werkgever
employer-kvk-unchecked = Het KVK-nummer is alleen op vorm nagekeken.
company-title = Ik zoek mensen
company-lead = Er zijn meer mensen die willen werken dan u denkt.
company-jobs = Mijn banen
company-how = Zo gaat het
company-how-1 = U belt ons. Een adviseur uit uw regio denkt mee.
company-how-3 = U hoort hoeveel mensen het werk kunnen doen.
company-account = Hebt u een uitnodiging gekregen?
company-signin = Inloggen voor medewerkers
organiser-title = Markten en bijeenkomsten
organiser-lead = Hier plant u straks bijeenkomsten. Dat deel is nog niet klaar.
organiser-now = Dit kan nu al
organiser-now-1 = Kijk welke banen er rond uw plek zijn.
organiser-now-2 = Laat bezoekers zich aanmelden: dat duurt 1 minuut.
organiser-button = Bekijk banen in de buurt
accounts-title = Accounts
accounts-invite = Nodig iemand uit
accounts-count = { $count ->
    [one] 1 account
   *[other] { $count } accounts
}
accounts-column-name = Naam
accounts-column-roles = Rollen
accounts-column-state = Staat
accounts-state-active = In gebruik
accounts-state-invited = Uitgenodigd tot { $date }
accounts-state-ended = Gestopt op { $date }
invite-title = Nodig iemand uit
invite-lead = Deze persoon krijgt een e-mail met een code.
invite-name = Naam
invite-roles = Wat mag deze persoon?
invite-employer = Werkgever
invite-employer-hint = Alleen voor mensen van een werkgever.
invite-employer-none = Geen werkgever
invite-button = Verstuur de uitnodiging
account-again-title = Nog geen antwoord?
account-again-text = De oude code werkt dan niet meer.
account-again-button = Stuur een nieuwe uitnodiging
account-end-title = Account stoppen
account-end-text = Deze persoon kan dan direct niet meer inloggen.
account-end-button = Stop dit account
account-end-last = Dit is de laatste beheerder. Maak eerst iemand anders beheerder.
notice-employer-added = Bewaard. De werkgever staat in de lijst.
notice-invited = Verstuurd. De uitnodiging werkt 7 dagen.
notice-account-ended = Gestopt. Deze persoon kan niet meer inloggen.
job-state-paused = Even gestopt
company-jobs-none = Nog geen baan. Plaats er een: dat kost 5 minuten.
company-how-2 = U plaatst uw baan zelf, of de adviseur doet dat met u.
company-kinds = Soorten banen
company-sites = Vestigingen en contactpersonen
company-colleagues = Collega's
waiting-people = { $count ->
    [one] 1 iemand wacht op een antwoord.
   *[other] { $count } mensen wachten op een antwoord.
}
waiting-overdue = { $count ->
    [one] 1 iemand wacht te lang op een antwoord.
   *[other] { $count } mensen wachten op een antwoord, soms te lang.
}
waiting-link = Bekijk wie er wacht
invite-organisation = Organisatie
invite-organisation-hint = Mensen lezen deze naam, bijvoorbeeld: Bibliotheek Almere.
invite-regions-open = Regio's
invite-region = Voor welke regio's?
invite-region-hint = Voor adviseurs, helpers en organisatoren.
account-save = Bewaar de rechten
notice-account-saved = Bewaard. Dit geldt direct.
employer-contact-none = Nog geen contactpersoon.
