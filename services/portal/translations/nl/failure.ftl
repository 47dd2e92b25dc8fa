### When something does not go as asked.

failure-call = Lukt het niet? Bel
failure-request = Noem dan dit nummer: { $id }
failure-next-again = Probeer het opnieuw
failure-next-start = Naar het begin
failure-next-sign-in = Log opnieuw in
failure-title-not-understood = Dit begrepen wij niet
failure-text-not-understood = Er ging iets mis bij het versturen. Er is niets veranderd.
failure-title-no-access = Deze pagina is niet voor u
failure-text-no-access = U bent ingelogd, maar mag dit nog niet zien. Vraag uw beheerder.
failure-title-not-found = Deze pagina is er niet
failure-title-wrong-method = Dit kan niet op deze pagina
failure-text-not-found = Kijk of het adres klopt. Er is niets verloren.
failure-text-wrong-method = Er is niets veranderd. Begin opnieuw op de beginpagina.
failure-title-changed = Iemand was u net voor
failure-text-changed = Een collega heeft dit intussen gewijzigd. Bekijk het en probeer het opnieuw.
failure-title-gone = Deze pagina is er niet meer
failure-text-gone = Wat hier stond, is afgelopen. Er is niets verloren.
failure-title-too-large = Dit is te groot
failure-text-too-large = Een bestand mag 20 MB zijn. Splits het in twee.
failure-title-too-often = Even wachten
failure-text-too-often = { $minutes ->
    [one] Dit is te vaak geprobeerd. Probeer het over 1 minuut opnieuw.
   *[other] Dit is te vaak geprobeerd. Probeer het over { $minutes } minuten opnieuw.
}
failure-title-our-fault = Er ging iets mis bij ons
failure-text-our-fault = Wat u eerder invulde, is bewaard. Probeer het opnieuw.
failure-title-not-now = Wij zijn er zo weer
failure-text-not-now = Het is nu erg druk of er wordt gewerkt. Probeer het over 1 minuut opnieuw.
failure-title-session = U bent uitgelogd
failure-text-session = U was een tijd weg. Voor uw veiligheid logden wij u uit.
