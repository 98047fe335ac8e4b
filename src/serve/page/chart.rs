//! How long the stages took over the last hours: one small chart a stage, each with its own scale.

use std::fmt::Write as _;

use jiff::Timestamp;
use maud::{Markup, html};

use super::moment::{self, took};
use crate::serve::timings::{POINTS, Point, TIMED, Timings, WIDTH};

/// A chart's size in its own units.
const AREA: (f64, f64) = (240.0, 48.0);
/// How long the time axis is, in seconds.
const SPAN: i64 = POINTS as i64 * WIDTH;

/// The charts of the stages that were measured, up to the instant `now`.
pub(super) fn multiples(timings: &Timings, now: Timestamp) -> Markup {
    let points: Vec<&Point> = timings.points().collect();
    let end = now.as_second();
    let measured = |index: &usize| points.iter().any(|point| point.seconds(*index).is_some());
    html! {
        div.charts { @for index in (0..TIMED.len()).filter(measured) { (one(index, &points, end)) } }
        p.muted {
            "The slowest run of each " (WIDTH / 60) " minutes, over the last " (moment::span(SPAN))
            ". A gap is time in which the stage was not tested."
        }
    }
}

fn one(index: usize, points: &[&Point], end: i64) -> Markup {
    let seconds: Vec<f64> = points.iter().filter_map(|point| point.seconds(index)).map(f64::from).collect();
    let (least, most) = seconds.iter().fold((f64::MAX, 0.0_f64), |(least, most), it| (least.min(*it), most.max(*it)));
    let stage = TIMED[index];
    let last = points.last().and_then(|point| point.seconds(index)).map(|it| took(it.into()));
    let now = last.as_deref().unwrap_or("not tested");
    let title = format!("{stage}: {now} in the last run");
    let description = format!("from {} to {}", took(least), took(most));
    html! {
        figure.chart {
            figcaption { strong { (stage) } " " span { (now) } }
            svg viewBox={ "0 0 " (AREA.0) " " (AREA.1) } preserveAspectRatio="none" role="img"
                aria-labelledby={ "t-" (stage) } aria-describedby={ "d-" (stage) } {
                title id={ "t-" (stage) } { (title) }
                desc id={ "d-" (stage) } { (description) }
                path.floor d={ "M0 " (AREA.1 - 0.5) "H" (AREA.0) } {}
                @for run in runs(index, points) { (line(&run, most, end)) }
            }
            p.muted { "min " (took(least)) " · max " (took(most)) }
        }
    }
}

/// Stretches without a gap: seconds since 1970, and seconds measured.
fn runs(index: usize, points: &[&Point]) -> Vec<Vec<(i64, f64)>> {
    let step = points.windows(2).map(|pair| pair[1].began() - pair[0].began()).min().unwrap_or(WIDTH);
    let mut runs: Vec<Vec<(i64, f64)>> = Vec::new();
    let mut before = None;
    for point in points {
        let Some(seconds) = point.seconds(index) else {
            before = None;
            continue;
        };
        let joins = before.is_some_and(|before| point.began() - before <= 3 * step);
        match runs.last_mut().filter(|_| joins) {
            Some(run) => run.push((point.began(), seconds.into())),
            None => runs.push(vec![(point.began(), seconds.into())]),
        }
        before = Some(point.began());
    }
    runs
}

fn line(run: &[(i64, f64)], most: f64, end: i64) -> Markup {
    let place = |(began, seconds): &(i64, f64)| {
        let x = (1.0 - (end - began - WIDTH / 2) as f64 / SPAN as f64) * AREA.0;
        let y = AREA.1 - 1.0 - seconds / most.max(f64::MIN_POSITIVE) * (AREA.1 - 6.0);
        (x.clamp(0.0, AREA.0 - 1.0), y)
    };
    let places: Vec<(f64, f64)> = run.iter().map(place).collect();
    let mut d = String::new();
    for (position, (x, y)) in places.iter().enumerate() {
        // A lone point is a line of no length, which its round ends make a dot.
        let _ = write!(d, "{}{x:.1} {y:.1}", if position == 0 { "M" } else { "L" });
    }
    if let ([(x, y)], true) = (places.as_slice(), places.len() == 1) {
        let _ = write!(d, "L{x:.1} {y:.1}");
    }
    let first = places.first().map_or(0.0, |place| place.0);
    let last = places.last().map_or(0.0, |place| place.0);
    html! {
        @if places.len() > 1 { path.fill d={ (d) "L" (format!("{last:.1}")) " " (AREA.1) "L" (format!("{first:.1}")) " " (AREA.1) "Z" } {} }
        path.curve d=(d) {}
    }
}
