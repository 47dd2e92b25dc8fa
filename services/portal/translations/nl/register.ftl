### Registration in five questions.

register-back-home = Terug naar het begin
register-place-question = Waar woont u?
register-place-why = Dan zoeken wij werk dichtbij.
register-place-hint = De 4 cijfers zijn genoeg.
register-tasks-question = Wat doet u graag?
register-tasks-why = Kies één of meer soorten werk.
register-tasks-others = Of zeg het zo
register-tasks-any = Alles mag
register-tasks-any-hint = Wij laten alle soorten werk zien.
register-tasks-unknown = Weet ik nog niet
register-tasks-unknown-hint = U kunt dit later kiezen.
tasks-search = Typ een taak, bijvoorbeeld schoonmaken
tasks-search-none = Niets gevonden. Probeer een ander woord.
tasks-search-button = Zoek taken
tasks-search-found = Gevonden
tasks-search-via = Hoort bij: { $title }
tasks-search-other = Niets gevonden. Kies Zoek taken, dan zoeken wij ook in beroepen.
tasks-choose = Kies taken
register-when-question = Wanneer kunt u werken?
register-when-why = Dan zoeken wij banen op tijden die u kunt.
register-when-hint = Kies alles wat kan.
register-hours-question = Hoeveel uur per week?
hours-up-to-12 = tot 12 uur
hours-12-24 = 12 tot 24 uur
hours-24-32 = 24 tot 32 uur
hours-over-32 = meer dan 32 uur
hours-unknown = weet ik niet
register-fitting = { $count ->
    [one] Er is nu **1 baan** die hierbij past.
   *[other] Er zijn nu **{ $count } banen** die hierbij passen.
}
register-reach-question = Hoe kunnen wij u bereiken?
register-reach-why = Wij sturen u een code. Zo weten wij dat u het bent.
register-name = Hoe mogen wij u noemen?
register-name-hint = Uw voornaam of een bijnaam.
register-contact-hint = Bijvoorbeeld 06 12 34 56 78 of naam@voorbeeld.nl.
register-channel = Wat hebt u het liefst?
channel-sms = Sms
channel-call = Bellen
channel-email = E-mail
register-consent-question = Wat mag er met uw gegevens?
register-consent-why = U hoeft niets aan te kruisen. U ziet uw werk altijd.
consent-open-file = Werkgevers mogen mijn profiel zien, zonder naam.
consent-open-file-hint = Zij zien uw wensen, tijden, talen, papieren en gemeente.
consent-adviser = Een adviseur mag met mij meedenken.
consent-adviser-hint = Een adviseur in uw regio ziet welke banen passen, en mag u bellen of mailen.
consent-figures = Bewaar hoe ik hier kwam, voor de cijfers.
consent-figures-hint = Zo weten wij wie wij bereiken. Ook uw uitkering telt alleen hier mee.
register-consent-change = U kunt dit elke dag veranderen.
register-consent-privacy = Lees wat wij bewaren
register-finish = Laat mijn werk zien
