//! Holds our restated tables to the source files, where those are at hand: `../shared/data` beside the project.
//! On any other machine these tests say that they were skipped.

use std::collections::HashMap;

use crate::shared::{rows, source};
use reference::{Occupation, Reference, Regions, distance_km};

#[test]
fn every_postcode_lies_in_the_right_municipality_and_region() {
    let Some(text) = source("geo/pc4_regions.csv") else { return };
    let regions = Regions::built_in();
    let rows = rows(&text);
    let right = rows.iter().filter(|row| {
        let found = regions.of_pc4(row["pc4"].parse().expect("a number"));
        found.is_some_and(|municipality| {
            municipality.code.to_string() == row["gemeente_code"]
                && municipality.name == row["gemeente"]
                && municipality.region.to_string() == row["arbeidsmarktregio_code"]
                && regions
                    .get(municipality.region)
                    .is_some_and(|region| region.name == row["arbeidsmarktregio"])
        })
    });
    assert_eq!((right.count(), rows.len()), (4_086, 4_086));
    assert_eq!(regions.postcodes().count(), rows.len(), "and no other postcode is known");
}

#[test]
fn municipalities_and_regions_agree_with_the_source() {
    let (Some(municipalities), Some(sources)) =
        (source("geo/gemeenten.csv"), source("geo/arbeidsmarktregios.csv"))
    else {
        return;
    };
    let regions = Regions::built_in();
    for row in rows(&municipalities) {
        let ours = regions.municipality(row["gemeente_code"].parse().expect("a code")).expect("we know it");
        assert_eq!((&ours.name, &ours.province), (&row["gemeente"], &row["provincie"]));
    }
    for row in rows(&sources) {
        let ours = regions.get(row["arbeidsmarktregio_code"].parse().expect("a code")).expect("we know it");
        assert_eq!(
            (&ours.name, ours.centre.to_string()),
            (&row["arbeidsmarktregio"], row["centrumgemeente_code"].clone())
        );
        assert_eq!(regions.municipalities_of(ours.code).count().to_string(), row["n_gemeenten"]);
    }
}

#[test]
fn without_a_file_half_of_the_people_are_placed_within_a_few_kilometres() {
    let (Some(text), Some(extra)) = (source("geo/pc4_regions.csv"), source("geo/pc4_extra.csv")) else {
        return;
    };
    let people: HashMap<String, u32> = rows(&extra)
        .into_iter()
        .map(|row| (row["pc4"].clone(), row["inwoners_2021"].parse().unwrap_or(0)))
        .collect();
    let places = Reference::small().places;
    let mut errors: Vec<(f64, u32)> = rows(&text)
        .iter()
        .map(|row| {
            let place = places.locate_pc4(row["pc4"].parse().expect("a number")).expect("we know it");
            let point = reference::Point {
                lat: row["lat"].parse().expect("degrees"),
                lon: row["lon"].parse().expect("degrees"),
            };
            (distance_km(place.point(), point), people[&row["pc4"]])
        })
        .collect();
    errors.sort_by(|a, b| a.0.total_cmp(&b.0));
    let total: u32 = errors.iter().map(|(_, people)| people).sum();
    let at = |share: f64| {
        let mut sum = 0;
        let found = errors.iter().find(|(_, people)| {
            sum += people;
            f64::from(sum) >= share * f64::from(total)
        });
        found.map_or(f64::MAX, |(km, _)| *km)
    };
    let furthest = errors.last().map_or(0.0, |(km, _)| *km);
    println!(
        "the middle of the municipality lies within {:.1} km of the postcode for half of the people, {:.1} km for 95 %, {furthest:.1} km for all",
        at(0.5),
        at(0.95)
    );
    assert!(at(0.5) < 4.0 && at(0.95) < 12.0);
    assert!(furthest < 32.0, "the limit for a mistaken point in Places");
}

#[test]
fn occupations_and_their_titles_are_those_of_esco() {
    let Some(text) = source("esco/occupations.csv.gz") else { return };
    let esco: HashMap<String, HashMap<String, String>> =
        rows(&text).into_iter().map(|row| (row["occupation_id"].clone(), row)).collect();
    let ours = Reference::small().occupations;
    for Occupation { id, isco08, title_nl, title_en, .. } in ours.all() {
        let row = esco.get(&id.to_string()).expect("the id resolves");
        assert_eq!((isco08, title_en), (&row["isco08"], &row["label_en"]));
        assert_eq!(title_nl.as_ref(), Some(&row["label_nl"]));
    }
    println!("{} of {} ESCO occupations have tasks", ours.all().len(), esco.len());
}

#[test]
fn shares_of_vacancies_are_those_of_cbs() {
    let Some(text) = source("arbeidsmarkt/vacatures_sbi.csv") else { return };
    let shares: HashMap<String, f64> = reference::demo::Demo::built_in()
        .vacancies
        .into_iter()
        .map(|row| (row.section.to_string(), row.share))
        .collect();
    let rows = rows(&text);
    let total: f64 = rows[0]["openstaand_2023q2_x1000"].parse().expect("a number");
    for row in rows.iter().filter(|row| row["sbi"].len() == 1) {
        let open: f64 = row["openstaand_2023q2_x1000"].parse().expect("a number");
        assert!((shares[&row["sbi"]] - open / total).abs() < 0.001, "{}", row["sbi"]);
    }
}
