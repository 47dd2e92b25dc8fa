### Open Hiring: the line that people stand in, as they and everyone see it.

queue-title = De rij
queue-work = { $title }, { $employer }, { $place }
queue-waiting = Nu wachten { $people }.
queue-day = { $count ->
    [0] Op { $date } is er geen plaats meer.
    [one] Op { $date } kan nog 1 iemand beginnen.
   *[other] Op { $date } kunnen nog { $count } mensen beginnen.
}
queue-days-none = Er is nog geen eerste dag bekend.
queue-button = Zet mij in de rij
queue-opens = De rij gaat open op { $moment }.
queue-full = Alle plaatsen zijn vergeven. De rij is vol.
queue-closed = Deze rij is gesloten.
queue-closed-why = Deze rij is gesloten. { $reason }
queue-stopped = Wij vragen nu niemand. { $reason }
queue-stopped-keeps = Ieders plek in de rij blijft bewaard.
queue-hers = Bekijk mijn plek
notice-queue-in-line = Gelukt. U staat in de rij.
notice-queue-already = U staat al in deze rij. Dit is uw plek.
notice-queue-back = Gelukt. U staat weer in de rij, op uw eigen plek.
notice-queue-paused = Gelukt. U staat op pauze. Uw plek blijft bewaard.
notice-queue-days = Gelukt. Wij vragen u voor de dagen die u koos.
notice-queue-left = Gelukt. U bent uit de rij.
notice-queue-gave-back = Gelukt. Wij vragen de volgende. Uw plek staat op pauze.
notice-offer-yes = Gelukt. Wij vertellen het de werkgever.
notice-offer-no = Gelukt. U zei nee.
notice-offer-other-day = Gelukt. U blijft in de rij voor een andere dag.
notice-receipt-later = Uw bewijs is er over een uur.
signup-title = Zet mij in de rij
signup-back = Terug naar de baan
signup-question = Hoe kunnen wij u bereiken?
signup-checks = Lees dit eerst
signup-laws = Dit vraagt de wet
signup-law-adult = U moet 18 jaar of ouder zijn. Dit moet van de wet: { $ground }.
signup-laws-later = U bevestigt dit als u ja zegt tegen werk. Wij bewaren geen antwoord.
signup-name = Voornaam
signup-contact-hint = Hierop krijgt u een code. Bijvoorbeeld 06 12 34 56 78.
signup-code-sms = Gelukt. Wij sturen u nu een sms met een code. Typ de code, dan ziet u uw plek.
signup-code-mail = Gelukt. Wij sturen u nu een e-mail met een code. Typ de code, dan ziet u uw plek.
signup-code-none-sms = Geen sms? Wij bellen u binnen 2 werkdagen.
signup-code-none-mail = Geen e-mail? Kijk ook bij ongewenste e-mail.
signup-code-hours = Bevestigt niemand dit binnen 48 uur? Dan stopt uw plek.
days-question = Op welke dag wilt u beginnen?
days-question-desk = Op welke dag wil deze persoon beginnen?
days-hint = Meer dagen mag. Niets gekozen? Dan is elke dag goed.
days-free = { $count ->
    [0] Nu is er geen plaats vrij.
    [one] 1 plaats vrij
   *[other] { $count } plaatsen vrij
}
days-keeps = De plek in de rij blijft dezelfde. Komt er een dag bij? Dan vragen wij die ook.
days-button = Bewaar
days-link = Andere dagen kiezen
days-wanted = U koos als eerste dag: { $days }.
days-none = U kunt niet op de dagen die er nu zijn. Komt er een dag bij? Dan vragen wij u.
ticket-title = Uw plek in de rij
ticket-number = Uw plek
ticket-before = { $count ->
    [0] U bent de volgende.
    [one] Er is **1 iemand voor u**.
   *[other] Er zijn **{ $count } mensen voor u**.
}
ticket-per-week = { $count ->
    [0] De laatste 4 weken vroegen wij hier bijna niemand.
    [one] De laatste 4 weken vroegen wij hier 1 iemand per week.
   *[other] De laatste 4 weken vroegen wij hier { $count } mensen per week.
}
ticket-weeks = { $count ->
    [0] U bent waarschijnlijk deze week aan de beurt. Dat is een schatting.
    [one] U bent waarschijnlijk over 1 week aan de beurt. Dat is een schatting.
   *[other] U bent waarschijnlijk over { $count } weken aan de beurt. Dat is een schatting.
}
ticket-refresh = Ververs
ticket-now = Wat gebeurt er nu?
ticket-nothing-to-do = U hoeft niets te doen.
ticket-reached-sms = Bent u aan de beurt? Dan krijgt u een sms op **{ $contact }**.
ticket-reached-mail = Bent u aan de beurt? Dan krijgt u een e-mail op **{ $contact }**.
ticket-reached-call = Bent u aan de beurt? Dan bellen wij u op **{ $contact }**.
ticket-reached-nowhere = Wij hebben geen nummer of adres van u. Bel ons om te horen hoe het staat.
ticket-answer-hours = { $hours ->
    [one] U hebt dan 1 uur om ja of nee te zeggen.
   *[other] U hebt dan { $hours } uur om ja of nee te zeggen.
}
ticket-answer-counting = Alleen uren op werkdagen tellen, van { $from } tot { $until } uur.
ticket-unconfirmed = Uw nummer of adres is nog niet bevestigd.
ticket-unconfirmed-next = Typte u net een code? Dan duurt dit een paar tellen.
ticket-unconfirmed-herself = Duurt het langer, of meldde iemand anders u aan? Zeg dan hier zelf dat u in de rij wilt.
ticket-paused = Uw plek blijft { $number }. U krijgt geen aanbod tot u weer meedoet.
ticket-not-out = U bent niet uit de rij.
ticket-too-late = De tijd is voorbij
ticket-too-late-next = Wij vroegen de volgende. Uw plek staat op pauze.
ticket-go-on = Weer meedoen
ticket-change = Wat wilt u veranderen?
ticket-pause = Even pauze
ticket-pause-keeps = U houdt uw plek.
ticket-contact = Ander telefoonnummer
ticket-step-down = Uit de rij gaan
ticket-down-question = Wilt u uit de rij gaan?
ticket-down-text = U staat op plek { $number }. Terugdraaien kan 24 uur.
ticket-down-button = Haal mij uit de rij
ticket-down-no = Nee, ik blijf staan
ticket-give-link = Kunt u toch niet?
ticket-give-question = Kunt u toch niet beginnen?
ticket-give-text = Wij vragen dan de volgende. U houdt plek { $number }, op pauze.
ticket-give-button = Ik kan toch niet
ticket-give-no = Ik begin wel
ticket-yes-title = Gelukt. U begint { $date }.
ticket-yes-next = De werkgever weet het en neemt contact met u op.
ticket-yes-calendar = Zet in mijn agenda
ticket-yes-calendar-title = Eerste werkdag: { $title }, { $employer }
ticket-started = U bent begonnen.
ticket-ended = U staat niet meer in deze rij.
ticket-undo = Terugdraaien
ticket-undo-until = Terugdraaien kan tot { $moment }.
ticket-undo-keeps = U krijgt dan plek { $number } terug.
ticket-why = Waarom sta ik hier?
ticket-why-new-contact = U hebt een nieuw nummer of adres. Daar komt geen aanbod voor { $moment }.
ticket-why-stopped = De rij vraagt nu niemand.
ticket-why-closed = De rij is gesloten.
ticket-why-other-days = Er zijn plaatsen vrij, maar niet op een dag die u kunt.
ticket-why-too-soon = De vrije plaatsen beginnen heel snel. Er is te weinig tijd om u te vragen.
ticket-why-no-place-free = Er is nu geen plaats vrij.
ticket-why-soon = Er is een plaats vrij. Wij vragen u zo.
ticket-step-signed-up = U ging in de rij staan.
ticket-step-confirmed = U bevestigde uw nummer of adres.
ticket-step-unconfirmed = Niemand bevestigde uw nummer of adres binnen 48 uur.
ticket-step-contact-changed = U gaf een ander nummer of adres.
ticket-step-offered = Er was werk voor u.
ticket-step-said-yes = U zei ja.
ticket-step-said-no = U zei nee.
ticket-step-not-that-day = U wilde het werk, maar niet op die dag.
ticket-step-refuses-days = U koos op welke dagen u wilt beginnen.
ticket-step-said-later = U zei: nu niet, later wel.
ticket-step-no-answer = De tijd om te antwoorden ging voorbij.
ticket-step-not-reached = Wij konden u niet bereiken.
ticket-step-offer-ended = Het aanbod stopte door een arbeidsconflict.
ticket-step-paused = U ging op pauze.
ticket-step-goes-on = U deed weer mee.
ticket-step-stepped-down = U ging uit de rij.
ticket-step-came-back = U draaide dat terug en kreeg uw eigen plek.
ticket-step-gave-back = U kon toch niet beginnen.
ticket-step-started = U begon met werken.
ticket-step-not-come = U kwam niet op de eerste dag.
ticket-step-corrected = Er stond iets verkeerd. Dat is verbeterd.
ticket-step-set-right = Wij hebben een fout hersteld. U staat weer in de rij.
ticket-step-because = { $step } { $reason }
ticket-step-queue-closed = De rij ging dicht.
ticket-receipt = Uw bewijs
ticket-receipt-sentence = Plek { $number } in de rij, sinds { $moment }.
ticket-receipt-why = Met dit bestand kan iedereen nagaan dat uw plek klopt.
ticket-receipt-button = Bewaar mijn bewijs
ticket-line-waiting = { $count ->
    [0] Plek { $number }. U bent de volgende.
    [one] Plek { $number }. Er is 1 iemand voor u.
   *[other] Plek { $number }. Er zijn { $count } mensen voor u.
}
ticket-line-unconfirmed = Plek { $number }. Nog niet bevestigd.
ticket-line-offered = Er is werk. Zeg ja of nee voor { $moment }.
ticket-line-begins = U begint { $date }.
ticket-line-paused = Plek { $number }. U staat op pauze.
ticket-line-left = U ging uit de rij. Terugdraaien kan tot { $moment }.
offer-title = Er is werk voor u
offer-until = Zeg ja of nee voor **{ $moment }**.
offer-left-days = U hebt nog { $count } dagen.
offer-left-hours = { $count ->
    [one] U hebt nog 1 uur.
   *[other] U hebt nog { $count } uur.
}
offer-left-minutes = { $count ->
    [one] U hebt nog 1 minuut.
   *[other] U hebt nog { $count } minuten.
}
offer-where = Waar
offer-question = Begint u?
offer-laws-confirm = Met uw ja zegt u dat dit klopt.
offer-gives-phone = Wij geven uw voornaam en telefoonnummer aan { $employer }.
offer-gives-mail = Wij geven uw voornaam en e-mailadres aan { $employer }.
offer-gives-name = Wij geven uw voornaam aan { $employer }.
offer-others = { $count ->
    [one] U staat ook in 1 andere rij.
   *[other] U staat ook in { $count } andere rijen.
}
offer-others-question = Als u ja zegt: wat doen wij met uw andere plekken?
offer-others-hint = Terugdraaien kan tot uw eerste werkdag.
offer-others-stay = Laat mij nog staan
offer-others-leave = Haal mij daaruit
offer-yes = Ja, ik begin
offer-no = Nee, dit niet
offer-later = Nu niet, later wel
offer-other-day = Ja, maar niet op die dag
offer-later-keeps = Bij "later" en "niet op die dag" houdt u uw plek.
mywork-offer-button = Kijk en kies
mywork-queue-title = Mijn plekken in de rij
proof-title = De rij is te controleren
proof-order = Zo werkt de volgorde
proof-order-1 = Wie zich het eerst aanmeldt, krijgt het laagste nummer.
proof-order-2 = Een vrije plaats gaat naar het laagste nummer dat dan kan.
proof-order-3 = Niemand kan plekken ruilen of iemand ertussen zetten, ook wij niet.
proof-order-4 = Alles wat gebeurt, schrijven wij op. Niemand kan dat later ongemerkt veranderen.
proof-order-servers = Op één server telt de volgorde van binnenkomst. Bij meer servers haalt hooguit één groepje u in.
proof-now = Zo staat de rij nu
proof-places = Plaatsen per eerste dag
proof-state = Hoe het staat
proof-count = Aantal
proof-place-too-soon = Vrij, maar begint te snel om nog aan te bieden
proof-place-free = Vrij
proof-place-offered = Aangeboden
proof-place-taken = Iemand zei ja
proof-place-started = Iemand begon
proof-place-withdrawn = Weggehaald
proof-place-withdrawn-why = Weggehaald. { $reason }
proof-head-title = De laatste stand
proof-head = Op { $moment } waren er { $count } regels. Dit is hun stempel:
proof-head-none = Er is nog geen stand. Die komt na het eerste hele uur.
proof-head-hides = Elk uur geven wij de stand vrij. Namen, tijden en antwoorden staan er niet in.
proof-check = Zo controleert u het
proof-check-1 = Bewaar uw bewijs. Het staat bij uw plek in de rij.
proof-check-2 = Bewaar de standen en de sleutels van deze pagina.
proof-check-3 = Laat een programma narekenen dat uw bewijs erbij past. Bel ons voor hulp.
proof-heads-file = Bewaar alle standen
proof-keys-file = Bewaar de sleutels
problem-answer-too-late = De tijd is voorbij. Wij vroegen de volgende. Uw plek staat op pauze.
problem-no-offer = Dit aanbod is er niet meer. Hier ziet u hoe uw plek nu staat.
problem-said-yes = U zei al ja. Kunt u toch niet? Zeg het hier.
problem-ticket-over = Deze plek in de rij is voorbij.
problem-answer-first = Er is werk voor u. Zeg eerst ja of nee.
problem-ticket-unknown = Deze plek in de rij is er niet.
