### Messages between parts of the platform that are stuck, for administrators.

nav-stuck = Vastgelopen
nav-stuck-count = Vastgelopen ({ $count })
stuck-title = Vastgelopen berichten
stuck-lead = De delen van Dichterbij sturen elkaar berichten. Hier staan berichten die zes keer mislukten.
stuck-none = Er zit niets vast. U hoeft niets te doen.
stuck-count = { $count ->
    [one] Er zit 1 bericht vast.
   *[other] Er zitten { $count } berichten vast.
}
stuck-what = Los eerst de oorzaak op. Probeer het daarna opnieuw.
stuck-away = Deze delen antwoorden nu niet: { $parts }. Misschien zit daar ook iets vast.
stuck-no-message = Geen bericht dat wij kennen
stuck-from-to = Van { $from } naar { $part }.
stuck-at = Bij { $part }.
stuck-since = Vast sinds { $moment }.
stuck-attempts = { $count ->
    [one] 1 keer geprobeerd.
   *[other] { $count } keer geprobeerd.
}
stuck-about = Het gaat over nummer
stuck-reason = Dit ging mis:
stuck-retry = Probeer opnieuw
stuck-failed-again = Het mislukte weer. Wat er misging, staat bij het bericht.
stuck-retry-page = Probeer deze { $count } berichten opnieuw
stuck-some-failed-again = { $count ->
    [one] 1 bericht mislukte weer. Wat er misging, staat bij het bericht.
   *[other] { $count } berichten mislukten weer. Wat er misging, staat bij elk bericht.
}
notice-stuck-all-through = Gelukt. Deze berichten zijn alsnog aangekomen.
stuck-discard-open = Dit bericht wegleggen
stuck-note = Waarom legt u het weg?
stuck-note-hint = Het bericht gaat dan nooit meer door. Schrijf geen namen van mensen op.
stuck-discard = Leg weg
notice-stuck-took-effect = Gelukt. Het bericht is alsnog aangekomen.
notice-stuck-had-taken-effect = Dit bericht was al aangekomen. Het staat niet meer in de lijst.
notice-stuck-discarded = Het bericht is weggelegd. Wij bewaren uw reden.
notice-stuck-decided = Dit bericht staat niet meer in de lijst. Iemand was u voor.
field-note-empty = Schrijf op waarom u het weglegt.
field-note-long = Maak de reden korter. Er passen 500 tekens in.
