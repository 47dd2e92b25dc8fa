### A job-seeker's own pages.

mywork-title = Mijn werk
mywork-welcome = Welkom, { $name }. Dit past bij u.
mywork-searching-title = Wij zoeken
mywork-searching-text = Dit duurt meestal een paar tellen. Deze pagina kijkt zelf opnieuw.
mywork-searching-link = Kijk nu opnieuw
mywork-found-title = { $count ->
    [one] 1 baan past bij u
   *[other] { $count } banen passen bij u
}
mywork-order = Wat het best past, staat bovenaan.
mywork-order-link = Zo kiezen wij
mywork-nothing-title = Nog geen baan binnen uw afstand
mywork-nothing-text = Nieuwe banen komen hier vanzelf bij.
mywork-nothing-next = Kunt u iets verder reizen of op andere tijden? Pas dat aan.
mywork-nearby = Wel bij u in de buurt
mywork-nearby-meanwhile = Intussen bij u in de buurt
mywork-changed = Er is nieuw werk voor u.
mywork-changed-link = Laat zien
mywork-more-title = Vertel iets meer
mywork-more-count = { $count ->
    [one] Nog 1 vraag. Dan vinden wij meer.
   *[other] Nog { $count } vragen. Dan vinden wij meer.
}
mywork-more-travel = Hoe ver u kunt reizen
mywork-more-tasks = Wat u graag doet
mywork-more-hours = Wanneer u kunt werken
tasks-done = Klaar
tasks-to-do = Nog doen
mywork-help-title = Liever samen?
mywork-help-text = Bel ons. Wij kijken met u mee.
proposal-back = Mijn werk
proposal-why = Waarom dit bij u past
proposal-wrong = Klopt er iets niet?
proposal-wrong-link = Pas uw gegevens aan
details-title = Mijn gegevens
details-lead = Dit hebt u verteld. Wij zoeken hiermee uw werk.
details-back = Mijn gegevens
details-work-title = Uw werk
details-where = Waar u woont
details-where-value = { $postcode }, { $place }
details-what = Wat u graag doet
details-when = Wanneer u kunt
details-hours = Uren per week
details-travel = Hoe ver u kunt reizen
details-not-told = Nog niet verteld
details-reach-title = Hoe wij u bereiken
details-name = Naam
details-contact = Nummer of adres
details-channel = Het liefst
details-reach-change = Is dit anders geworden? Bel { $phone }.
details-consent-title = Wat er mag
details-consent-text = U bepaalt wie uw gegevens mag gebruiken.
details-consent-link = Mijn toestemming
details-unused-title = Dit gebruiken wij niet
details-unused-text = Uw leeftijd, afkomst, gezondheid en uitkering tellen nooit mee.
consent-title = Mijn toestemming
consent-lead = U zegt ja of nee. Het gaat direct in.
consent-yes = Dit mag
consent-no = Dit mag niet
consent-since = Sinds { $date }, tekst { $version }
consent-withdraw = Trek mijn ja in
consent-give = Zeg ja
travel-question = Hoe reist u naar uw werk?
travel-why = Dan weten wij wat voor u dichtbij is.
travel-distance = Hoe ver wilt u reizen?
travel-up-to = tot { $km } km
notice-welcome = Gelukt. U bent aangemeld.
notice-saved = Bewaard. Wij zoeken opnieuw voor u.
notice-consent-given = Bewaard. Dit mag vanaf nu.
notice-consent-withdrawn = Bewaard. Dit mag vanaf nu niet meer.
notice-code-again = Klopt uw nummer of adres? Dan komt er een nieuwe code.
