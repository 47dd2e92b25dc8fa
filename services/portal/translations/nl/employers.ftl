### One employer, people who want a job, the open file, desks, colleagues.

site-name = Naam van de vestiging
site-name-hint = Bijvoorbeeld: Distributiecentrum. Mag leeg als er maar één is.
site-street = Straat en huisnummer
site-new = Voeg een vestiging toe
site-change = Wijzig de vestiging
site-of = Vestiging { $number }: { $site }
site-end-title = Vestiging stoppen
site-end-text = De vestiging staat dan niet meer in de lijst. De laatste vestiging blijft.
site-end-button = Stop deze vestiging
employer-site-first = Eerste vestiging
employer-sites = Vestigingen
employer-change = Wijzig de werkgever
employer-back = Terug naar de werkgever
employer-manager = Adviseur in { $region }
employer-manager-none = Nog niemand
employer-manager-save = Bewaar de adviseur in { $region }
employer-conflict = Staking of ander conflict
employer-conflict-hint = Bij een staking mogen wij niemand voorstellen (Waadi artikel 10).
employer-conflict-yes = Er is nu een staking of uitsluiting
employer-conflict-text = Er is een staking of uitsluiting. De banen zijn nu niet te zien.
employer-contacts = Contactpersonen
employer-contact-work = Wat doet deze persoon daar?
employer-contact-work-hint = Bijvoorbeeld: teamleider keuken.
employers-own = Alleen mijn werkgevers
employers-all = Alle werkgevers
employers-some-of = U ziet { $count } van { $total }. Zoek om de andere te zien.
contact-row = Contactpersoon { $number }
contact-row-site = Contactpersoon { $number }, { $site }
contact-since = Sinds { $date }
contact-of = Contactpersoon van { $employer }
contact-new = Voeg een contactpersoon toe
contact-change = Wijzig deze gegevens
contact-site = Bij welke vestiging?
contact-site-all = Alle vestigingen
contact-shown-text = U ziet dit één keer. Wij schreven op dat u dit bekeek.
contact-delete-title = Contactpersoon wissen
contact-delete-button = Wis deze contactpersoon
purpose-title = Waarvoor hebt u de gegevens nodig?
purpose-back = Terug
purpose-question = Kies één reden
purpose-talk = Praten over werk
purpose-appointment = Een afspraak maken met een werkgever
purpose-appointment-with-her = Een afspraak maken met deze persoon
purpose-offer = Vragen of iemand het werk wil
purpose-first-day = De eerste werkdag voorbereiden
purpose-correction = Iets verbeteren in de gegevens
purpose-in-line = Deze persoon in de rij zetten
purpose-told = Deze persoon ziet wie keek, en waarvoor.
purpose-noted = Wij schrijven op wie keek, en waarvoor.
purpose-button = Laat de gegevens zien
reach-title = Contactgegevens
reach-of-shared = Iemand die bij u wil werken
reach-name = Naam
reach-contact = Telefoon of e-mail
reach-letter = Alleen per brief
reach-channel = Heeft het liefst
reach-remark = Wilde zelf nog zeggen
reach-once = U ziet dit één keer. Deze persoon ziet dat u keek.
reach-not-shared = Deze persoon bepaalt of u de gegevens krijgt. Dat is nog niet gebeurd.
reach-no-adviser = Deze persoon gaf nog geen toestemming aan een adviseur.
reach-later = Probeer het later nog eens. De persoon hoort dat u wilt kennismaken.
interest-title = Wie wil bij u werken
interest-title-manager = Wie wacht op een antwoord
interest-lead = Deze mensen zeiden ja tegen een baan. Zij lezen uw antwoord direct.
interest-show-all = Toon ook wie al antwoord kreeg
interest-show-open = Toon alleen wie nog wacht
interest-none = Nu wacht niemand op een antwoord.
interest-count = { $count ->
    [one] 1 persoon
   *[other] { $count } mensen
}
interest-who = Code { $code } wil: { $job }
interest-job-gone = een baan die nu niet te zien is
interest-since = Zei ja op { $date }.
interest-answer-by = Antwoord voor { $moment }.
interest-overdue = Te laat
interest-answered = Antwoord: { $answer }. Gezegd op { $date }.
interest-contact = Vraag de gegevens van { $code } voor { $job }
answer-meet = Ja, wij willen kennismaken
answer-no-places = Nu niet: de plekken zijn bezet
answer-times = Nu niet: de werktijden passen niet
answer-requirement = Nu niet: er is iets nodig dat u nog niet hebt
notice-answer-meet = Verstuurd. Deze persoon leest nu dat u wilt kennismaken.
notice-answer-not-now = Verstuurd. Deze persoon leest nu uw antwoord.
open-file-title = Mensen die willen werken
open-file-lead = Deze mensen zeiden ja. U ziet geen namen. Wie het dichtst bij woont, staat bovenaan.
open-file-site = Rond welke vestiging?
open-file-group = Soort werk
open-file-group-all = Alle soorten werk
open-file-none = Nog niemand rond { $place }
open-file-none-text = Kies een grotere afstand, of alle soorten werk.
open-file-found = { $count ->
    [one] 1 persoon rond { $place }
   *[other] { $count } mensen rond { $place }
}
open-file-likes = Doet graag: { $tasks }.
open-file-any-task = alle soorten werk
open-file-from = Kan beginnen: { $from }
open-file-meet-title = Wilt u kennismaken?
open-file-meet-text = Bel uw adviseur en noem de code. De adviseur vraagt of deze persoon dat wil.
desks-title = Loketten
desks-lead = Hier krijgen mensen hulp bij werk. Elke regio heeft drie loketten.
desks-count = { $count ->
    [one] 1 loket
   *[other] { $count } loketten
}
desks-column-name = Loket
desks-column-region = Regio
desks-column-checked = Nagekeken op
desks-phone = Telefoonnummer
desks-unchecked = Nog niet
desks-change = Wijzig het loket
desks-change-text = Klopt alles nog? Bewaar het dan. Wij schrijven op dat u keek.
desks-name = Naam van het loket
desks-town = Plaats
desks-website = Website
desks-website-hint = Begint met https://
desk-kind-wsp = Hulp voor werkgevers en mensen met een adviseur
desk-kind-rmt = Hulp van werk naar werk
desk-kind-lwl = Hulp bij leren en werken
notice-desk-saved = Bewaard. Het loket is nagekeken.
referrals-title = Verwijzingen
referrals-lead = Deze mensen vragen of een loket belt. Een loket doet dat binnen 2 werkdagen.
referrals-noted = In de lijst staan namen. Wij schrijven op wie de lijst bekijkt.
referrals-show = Toon wie nog wacht
referrals-show-all = Toon alle verwijzingen
referrals-none = Nu wacht niemand op een telefoontje.
referrals-count = { $count ->
    [one] 1 verwijzing
   *[other] { $count } verwijzingen
}
referrals-desks = Bekijk de loketten
referral-open = Nog bellen
referral-not-reached = Nog niet bereikt
referral-spoken = Gesproken
referral-closed = Klaar
referral-withdrawn = Teruggenomen
referral-question = Vraag: { $question }
referral-since = Gevraagd op { $date }.
referral-before = Bel voor { $moment }.
referral-overdue = Dat is al voorbij.
referral-tries = { $count ->
    [one] 1 keer geprobeerd.
   *[other] { $count } keer geprobeerd.
}
referral-set-spoken = Wij spraken elkaar
referral-set-not-reached = Niet bereikt
referral-set-closed = Klaar met deze vraag
referral-saved = Bewaard.
erasures-title = Gewiste mensen
erasures-lead = Wie zich laat wissen, verdwijnt overal. Hier ziet u of dat klopt.
erasures-none = Nog niemand liet zich wissen.
erasures-count = { $count ->
    [one] 1 keer gewist
   *[other] { $count } keer gewist
}
erasures-column-id = Nummer, nu van niemand
erasures-column-at = Gewist op
erasures-column-confirmed = Bevestigd door
erasures-column-state = Staat
erasures-nobody = Nog niemand
erasures-overdue = Te laat, kijk dit na
erasures-waiting = Wij wachten nog
erasures-clean = Alles leeg op { $date }
colleagues-title = Collega's
colleagues-count = { $count ->
    [one] 1 account
   *[other] { $count } accounts
}
colleagues-invite = Nodig een collega uit
colleagues-invite-text = Uw collega ziet en wijzigt dan dezelfde banen als u.
colleagues-end = Stop het account van { $name }
notice-employer-saved = Bewaard. De werkgever is gewijzigd.
notice-manager-set = Bewaard. De adviseur is gewijzigd.
notice-site-saved = Bewaard. De vestiging staat in de lijst.
notice-site-ended = Gestopt. De vestiging staat niet meer in de lijst.
notice-contact-saved = Bewaard. De contactpersoon staat in de lijst.
notice-contact-deleted = Gewist. De contactpersoon is weg.
benefit-confirm-title = Bevestig waar deze persoon van leeft
benefit-confirm-question = Wat weet uw organisatie zeker?
benefit-confirm-hint = Dit staat naast wat de persoon zelf zegt. Het telt alleen voor de cijfers.
benefit-confirm-button = Bevestig
notice-benefit-confirmed = Bewaard. De persoon ziet wie dit bevestigde.
problem-background-not-told = Deze persoon heeft hier zelf nog niets over verteld.
