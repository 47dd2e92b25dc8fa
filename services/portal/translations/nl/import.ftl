### Banen uit een bestand, as a conversation.
import-title = Banen uit een bestand
import-file = Welk bestand?
import-example = Download een voorbeeld
import-columns-title = De kolommen in het bestand
import-columns-name = Kolom
import-columns-needed = Nodig
import-columns-what = Wat staat erin
import-columns-yes = Ja
import-columns-no = Mag leeg
import-column-kenmerk = Uw eigen nummer van de baan. Hetzelfde nummer wijzigt dezelfde baan.
import-column-kvk = 8 cijfers.
import-column-werkgever = Naam van de werkgever.
import-column-functie = Naam van de baan.
import-column-soort = gewoon of open hiring.
import-column-taken = Taken uit de lijst, met een streepje ertussen: taak|taak.
import-column-omschrijving = Meer over het werk.
import-column-postcode = 1315 RC of 1315.
import-column-uren-min = Minste uren per week.
import-column-uren-max = Meeste uren per week.
import-column-dagdelen = ochtend|middag|avond|nacht|weekend
import-column-begint = Eerste dag: 7-12-2026.
import-column-sluit = Laatste dag dat de baan te zien is.
import-column-plaatsen = Hoeveel mensen kunnen beginnen.
import-column-uurloon = 15,20
import-running-title = Wij verwerken uw bestand
import-partly-title = { $count ->
    [one] Klaar, 1 rij is nog niet goed
   *[other] Klaar, { $count } rijen zijn nog niet goed
}
import-finished-title = Klaar, alle rijen zijn goed
import-progress = { $done } van { $rows } rijen bekeken
import-running-text = U kunt deze pagina sluiten. Het werk gaat door.
import-running-link = Kijk nu opnieuw
import-number = { $count }
import-count-placed = Nieuw geplaatst
import-count-changed = Gewijzigd
import-count-unchanged = Hetzelfde
import-count-refused = Nog niet goed
import-finished-text = De banen staan nu open.
import-finished-button = Bekijk de banen
import-refused-title = Deze rijen zijn nog niet goed
import-refused-text = Verbeter ze in uw bestand en stuur ze opnieuw.
import-download = { $count ->
    [one] Download deze rij
   *[other] Download deze { $count } rijen
}
import-again = Stuur een nieuw bestand
import-refused-reason = Wat helpt
import-refused-empty = (leeg)
import-lead = U ziet eerst wat er gaat gebeuren. Daarna plaatst u.
import-file-hint = CSV, Excel-CSV of een bestand met JobPosting (JSON). Tot 20 MB.
import-who = Niemand krijgt hier een bericht van.
import-button = Kijk het bestand na
import-mine-title = Uw laatste bestanden
import-mine-file = Bestand van { $moment }
import-mine-rows = { $count ->
    [one] 1 rij
   *[other] { $count } rijen
}
import-state-receiving = nog niet binnen
import-state-mapping = u kiest nog de kolommen
import-state-judging = wij kijken de rijen na
import-state-judged = klaar om te plaatsen
import-state-running = wordt geplaatst
import-state-finished = geplaatst
import-state-undoing = wordt teruggedraaid
import-state-undone = teruggedraaid
import-map-title = Klopt dit?
import-map-seen = { $columns ->
    [one] Wij zien 1 kolom.
   *[other] Wij zien { $columns } kolommen.
}
import-map-known = { $known ->
    [0] Wij herkennen er nog geen.
   *[other] { $known } herkennen wij.
}
import-map-missing = Deze kolommen zijn nog nodig: { $columns }.
import-map-heading = In uw bestand
import-map-samples = De eerste waarden
import-map-means = Dat is bij ons
import-map-unused = Niet gebruiken
import-map-remembered = Wij onthouden dit voor uw volgende bestand.
import-map-button = Kijk de rijen na
import-map-again = Kies andere kolommen
import-judging-title = Wij kijken uw bestand na
import-judged-title = Dit gaat er gebeuren
import-will-placed = Nieuw
import-will-refused = Niet goed
import-row = Rij { $row }
import-perhaps = Misschien: { $tasks }
import-place-button = { $count ->
    [one] Plaats 1 baan
   *[other] Plaats { $count } banen
}
import-without-refused = Rijen die niet goed zijn, slaan wij over.
import-nothing-to-place = Er is nu niets te plaatsen.
import-mend-text = Verbeter ze hier. Of verbeter ze in uw bestand en stuur ze opnieuw.
import-mend-button = { $count ->
    [one] Bewaar deze rij
   *[other] Bewaar deze { $count } rijen
}
import-none-shown = Hier staan geen rijen.
import-note-tasks = { $count ->
    [one] Bij 1 baan kozen wij taken bij het beroep. Kijk ze straks na.
   *[other] Bij { $count } banen kozen wij taken bij het beroep. Kijk ze straks na.
}
import-note-cut = { $count ->
    [one] Bij 1 baan was de tekst te lang. Wij kortten hem in.
   *[other] Bij { $count } banen was de tekst te lang. Wij kortten die in.
}
import-note-pay = { $count ->
    [one] Bij 1 baan stond het loon niet per uur. Wij zetten het in de tekst.
   *[other] Bij { $count } banen stond het loon niet per uur. Wij zetten het in de tekst.
}
import-undo-until = Terugdraaien kan tot { $moment }.
import-undo-link = Draai dit terug
import-undo-title = Wilt u dit terugdraaien?
import-undo-no = Nee, laat het zo
import-undo-placed = { $count ->
    [one] 1 nieuwe baan sluit dan.
   *[other] { $count } nieuwe banen sluiten dan.
}
import-undo-changed = { $count ->
    [one] 1 gewijzigde baan wordt weer zoals hij was.
   *[other] { $count } gewijzigde banen worden weer zoals ze waren.
}
import-undo-alone = Wijzigde iemand een baan daarna? Dan blijft die staan. Een nieuwe werkgever gaat weg. Gebruikt iemand hem al? Dan blijft hij.
import-undo-button = Draai terug
import-undoing-title = Wij draaien dit terug
import-undone-title = Dit is teruggedraaid
import-undone-text = Nieuwe banen zijn gesloten. Andere banen zijn weer zoals ze waren.
import-left-alone = { $count ->
    [one] 1 baan bleef staan. Iemand heeft die daarna gewijzigd.
   *[other] { $count } banen bleven staan. Iemand heeft die daarna gewijzigd.
}
import-employers-undone = { $count ->
    [one] 1 nieuwe werkgever is ook weg.
   *[other] { $count } nieuwe werkgevers zijn ook weg.
}
notice-rows-mended = Bewaard. Wij keken de rijen opnieuw na.
field-file-one-column = Wij zien maar één kolom. Bewaar het bestand in Excel als CSV.
field-file-headings = Dit bestand heeft te veel kolommen. Gebruik er niet meer dan { $max }.
field-file-json = Bij regel { $line }, teken { $column } klopt het bestand niet. Kijk daar naar de haken en komma's.
field-file-json-no-job = Wij zien geen baan in dit bestand. Een baan heet daarin JobPosting.
field-columns-number = De kolommen passen niet bij dit bestand. Kijk ze nog eens na.
problem-import-not-judged = Wij kijken de rijen nog na. Probeer het zo opnieuw.
problem-import-not-finished = Dit bestand is nog niet klaar. Probeer het zo opnieuw.
problem-import-undo-too-late = Terugdraaien kan niet meer. De tijd is voorbij.
import-refused-row = Rij
import-whole-row = De hele rij
import-shown-placed = Deze banen zijn nieuw
import-shown-changed = Deze banen wijzigen
import-shown-unchanged = Deze banen blijven hetzelfde
import-said = Er stond: { $value }
