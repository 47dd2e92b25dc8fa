### Openings in words, and the reasons why one fits.

home-title = Werk is dichterbij dan u denkt
home-lead = Vertel in 5 vragen wat u graag doet. U ziet direct welke banen bij u passen.
home-doors-title = Wat wilt u doen?
home-door-seeker = Ik zoek werk
home-door-seeker-text = 5 vragen, minder dan 1 minuut. Geen cv nodig.
home-door-employer = Ik zoek mensen
home-door-employer-text = Plaats een baan samen met een adviseur.
home-door-organiser = Ik organiseer
home-door-organiser-text = Breng mensen en werkgevers bij elkaar.
home-near-title = Werk bij u in de buurt
home-near-hint = De 4 cijfers zijn genoeg. Wij bewaren ze alleen op uw apparaat.
home-near-button = Laat banen zien
home-near-all = Alle banen in de buurt
home-how-title = Zo gaat het
home-how-1 = U vertelt wat u graag doet en wanneer u kunt.
home-how-2 = Wij laten banen zien en zeggen waarom ze passen.
home-how-3 = U kiest. Wij bellen of mailen niet zonder uw ja.
openings-title = Werk bij u in de buurt
openings-distance = Hoe ver?
openings-within = tot { $km } km
openings-button = Laat zien
openings-empty = Vul uw postcode in. Dan staan hier de banen bij u in de buurt.
openings-found = { $count ->
    [one] 1 baan binnen { $km } km van { $place }
   *[other] { $count } banen binnen { $km } km van { $place }
}
openings-order = De dichtstbijzijnde baan staat bovenaan.
openings-none-title = Nog geen banen binnen { $km } km van { $place }
openings-none-text = Meld u aan. Dan staan nieuwe banen straks op uw eigen pagina.
openings-none-button = Meld mij aan
openings-outside-title = Net iets verder weg
opening-back = Banen in de buurt
opening-facts = De feiten
opening-hours = Uren
opening-times = Wanneer
opening-days = Dagen
opening-cao = Volgens de cao
opening-offered = Dit krijgt u
opening-start = Eerste dag
opening-start-any = In overleg
opening-pay = Loon, vóór belasting
opening-places = Plaatsen
opening-places-count = { $count ->
    [one] 1 plaats
   *[other] { $count } plaatsen
}
opening-route = Soort baan
opening-tasks = Dit gaat u doen
opening-checks = Goed om te weten
opening-checks-why = Lees dit eerst. U kijkt zelf of het bij u past.
opening-needs = Wat hebt u nodig?
opening-needs-none = U hebt niets nodig: geen diploma, geen ervaring.
opening-open-hiring = **Geen gesprek, geen cv.** Wie het eerst komt, begint het eerst.
opening-paused = Deze baan staat even stil. Kijk later nog eens, of kies een andere baan.
opening-call-title = Wilt u dit werk?
opening-call-text = Bel ons. Wij vertellen u wat de volgende stap is.
opening-call-say = Zeg: het gaat om { $title } in { $place }.
opening-call-button = Bel { $phone }
opening-register-title = Past dit werk bij u?
opening-register-text = Meld u aan. Dan ziet u bij elke baan waarom die past.
opening-register-button = Meld mij aan
gone-title = Deze baan is er niet meer
gone-text = De plaatsen zijn vergeven of de werkgever heeft de baan weggehaald.
gone-others = Andere banen bij u in de buurt
gone-button = Alle banen in de buurt
route-regular = Gewone baan
route-regular-hint = U maakt kennis met mensen en kiest samen.
route-open-hiring = Open Hiring
route-open-hiring-hint = Wie wil werken, begint. Geen gesprek, geen cv.
route-learn-work = Leren en werken
route-learn-work-hint = Iemand leert het vak en werkt. Soms komt leren eerst.
route-jobcarving = Nieuwe baan van losse taken
route-jobcarving-hint = De taken komen uit banen van anderen en passen samen.
route-basic-job = Basisbaan
route-basic-job-hint = De baan wordt passend gemaakt voor iemand.
route-participation-job = Participatiebaan
route-participation-job-hint = Iemand went aan werken en houdt een uitkering.
route-trial-placement = Eerst proberen
route-trial-placement-hint = Iemand probeert het werk met een uitkering. Daarna kan een contract volgen.
terms-start = { $count ->
    [one] Op { $date } kan 1 iemand beginnen.
   *[other] Op { $date } kunnen { $count } mensen beginnen.
}
terms-carved = De taken komen uit het werk van: { $jobs }.
terms-guidance = { $hours ->
    [0] Er is geen vaste begeleiding.
    [one] U krijgt 1 uur begeleiding per week.
   *[other] U krijgt { $hours } uur begeleiding per week.
}
terms-months = { $count ->
    [one] Dit duurt 1 maand.
   *[other] Dit duurt { $count } maanden.
}
terms-weeks = { $count ->
    [one] U probeert het 1 week.
   *[other] U probeert het { $count } weken.
}
terms-contract = Gaat het goed? Dan volgt een contract van { $count } maanden.
terms-benefit-stays = U houdt uw uitkering in deze tijd.
terms-premium = De gemeente geeft u elk half jaar een premie.
terms-school = U leert bij { $school }.
terms-learn-hours = Leren: { $learning } uur per week. Werken: { $working } uur per week.
terms-result = Aan het eind: { $result }.
daypart-morning = 's ochtends
daypart-afternoon = 's middags
daypart-evening = 's avonds
daypart-night = 's nachts
daypart-weekend = in het weekend
daypart-morning-hint = van 6:00 tot 12:00 uur
daypart-afternoon-hint = van 12:00 tot 18:00 uur
daypart-evening-hint = van 18:00 tot 23:00 uur
daypart-night-hint = van 23:00 tot 6:00 uur
daypart-weekend-hint = zaterdag en zondag overdag
hours-exactly = { $hours } uur per week
hours-between = { $min } tot { $max } uur per week
pay-per-hour = { $amount } per uur
means-foot = Lopen
means-bicycle = Fiets
means-public-transport = Bus, tram of trein
means-car = Auto, brommer of motor
support-job-coach = Iemand die u helpt op het werk
support-buddy = Een vaste collega die meeloopt
support-training = Een training of cursus
support-transport = Vervoer, of geld daarvoor
support-childcare = Hulp met opvang van kinderen
support-equipment = Werkkleding of gereedschap
support-phased-start = Rustig beginnen met minder uren
support-quiet-place = Een rustige plek
support-step-free = Zonder trappen, met ruimte voor een rolstoel
support-interpreter = Een tolk in de eerste weken
support-fitting-hours = Tijden die passen bij zorg voor anderen
requirement-adult = 18 jaar of ouder
requirement-conduct = Verklaring van goed gedrag (VOG)
requirement-licence = Rijbewijs B
requirement-own-car = Een eigen auto
requirement-forklift = Heftruckbewijs
requirement-vca = Bewijs voor veilig werken (VCA)
requirement-dutch = Eenvoudig Nederlands
requirement-good-dutch = Goed Nederlands
requirement-diploma = Diploma of bewijs voor dit vak
requirement-experience = Ervaring met dit werk
firmness-none = Niet nodig
firmness-legal = Moet van de wet
firmness-needed = Nodig vanaf de eerste dag
firmness-learned = Leert u hier
need-legal = { $what }. Dit moet van de wet: { $ground }.
need-legal-plain = { $what }. Dit moet van de wet.
need-needed = { $what }. Dit is nodig vanaf de eerste dag.
need-needed-why = { $what }. Dit is nodig vanaf de eerste dag. Waarom: { $reason }
need-learned = { $what }. Dit leert u hier.
check-lift = U tilt tot { $kilos } kilo.
check-stand = { $hours ->
    [one] U staat 1 uur per dag.
   *[other] U staat { $hours } uur per dag.
}
check-walk = U loopt veel.
check-outside = U werkt buiten.
check-cold = U werkt in de kou, tot { $degrees } graden.
check-noise = Er is veel lawaai.
people-count = { $count ->
    [one] 1 iemand
   *[other] { $count } mensen
}
people-count-few = minder dan 10 mensen
reasons-fits = Past:
reasons-mind = Let op:
reason-tasks-you = Dit doet u graag: { $tasks }.
reason-tasks-someone = Doet graag: { $tasks }.
reason-related-you = Dit lijkt op wat u graag doet: { $task }.
reason-related-someone = Doet graag iets wat hierop lijkt: { $liked }.
reason-any-task-you = U zei dat alles mag.
reason-any-task-someone = Wil alle soorten werk doen.
reason-near-you = Dichtbij: { $distance }.
reason-near-someone = Woont dichtbij: { $distance }.
reason-hours = De uren passen: { $hours }.
reason-dayparts-you = De tijden passen: { $dayparts }.
reason-dayparts-someone = Kan op deze tijden: { $dayparts }.
reason-open-hiring = Geen gesprek en geen cv nodig.
reason-learned = Dit leert u op het werk: { $what }.
reason-has-you = Dit hebt u al: { $what }.
reason-has-someone = Heeft dit al: { $what }.
mind-begins-earlier = Het werk begint op { $date }.
mind-begins-earlier-way-you = U kunt later beginnen. Vraag of dat mag.
mind-begins-earlier-way-someone = Kan later beginnen. Vraag wat er mogelijk is.
mind-asked-legal = De wet vraagt hier: { $what }.
mind-asked-legal-way-you = Klopt dat voor u? Dan kunt u gewoon meedoen.
mind-asked-needed = Hier is nodig: { $what }.
mind-asked-needed-way-you = Hebt u dit nog niet? Bel ons, soms kunt u het leren.
mind-asked-way-someone = Dit vroegen wij nog niet. Vraag ernaar bij het eerste gesprek.
mind-daypart = Een deel van het werk is { $daypart }.
mind-daypart-way-you = Vraag of u op andere tijden kunt werken.
mind-daypart-way-someone = Kijk of iemand anders die tijd kan werken.
mind-hours = Deze baan is { $hours }.
mind-hours-way-you = Vertel hoeveel uur u wilt. Dan zoeken wij beter.
mind-hours-way-someone = Het aantal uren is nog niet bekend. Vraag ernaar.
mind-dayparts-you = U zei nog niet wanneer u kunt.
mind-dayparts-someone = De tijden zijn nog niet bekend.
mind-dayparts-way-you = Vul dit in bij Mijn gegevens.
mind-dayparts-way-someone = Vraag ernaar bij het eerste gesprek.
mind-travel-you = U zei nog niet hoe ver u reist. Wij namen { $km } km.
mind-travel-someone = De reisafstand is nog niet bekend. Wij namen { $km } km.
mind-travel-way-you = Vul dit in bij Mijn gegevens.
mind-travel-way-someone = Vraag ernaar bij het eerste gesprek.
