"""Who works at Fernhill Robotics, and whom they talk to. All of it is made up; the addresses lead nowhere."""

from __future__ import annotations

from dataclasses import dataclass

from server.models.enums import RecordKind, Role

COMPANY = "Fernhill Robotics"
DOMAIN = "fernhill.example"
ZONE = "Europe/Warsaw"


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody at Fernhill."""

    key: str
    name: str
    job_title: str
    time_zone: str
    locale: str = "en"
    role: Role = Role.MEMBER
    has_seat: bool = True

    @property
    def email(self) -> str:
        return f"{self.key}@{DOMAIN}"


@dataclass(frozen=True, slots=True)
class Customer:
    """A company outside, with the people known there as (first name, last name, zone)."""

    name: str
    domain: str
    city: str
    trade: str
    people: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Matter:
    """Something a meeting can be about, at one of the customers."""

    kind: RecordKind
    name: str
    customer: str


COLLEAGUES = (
    Colleague("ines.almeida", "Ines Almeida", "Account executive", "Europe/Warsaw", role=Role.ADMIN),
    Colleague("jonas.weber", "Jonas Weber", "Solutions engineer", "Europe/Berlin"),
    Colleague("aiko.tanaka", "Aiko Tanaka", "Customer success, Asia", "Asia/Tokyo"),
    Colleague("priya.raman", "Priya Raman", "Account executive, Americas", "America/New_York"),
    Colleague("piotr.zielinski", "Piotr Zieliński", "Field engineer", "Europe/Warsaw", locale="pl"),
    Colleague("oskar.lind", "Oskar Lind", "Bookkeeping", "Europe/Stockholm", has_seat=False),
)

CUSTOMERS = (
    Customer(
        "Baltic Cold Storage", "balticcold.example", "Gdańsk", "Logistics",
        (("Marta", "Nowak", "Europe/Warsaw"), ("Paweł", "Kaczmarek", "Europe/Warsaw")),
    ),
    Customer(
        "Hollis & Vane Brewing", "hollisvane.example", "Leeds", "Food and drink",
        (("Tom", "Hollis", "Europe/London"), ("Ruth", "Adeyemi", "Europe/London")),
    ),
    Customer(
        "Kestrel Avionics", "kestrelavionics.example", "Toulouse", "Aerospace",
        (("Camille", "Roux", "Europe/Paris"), ("Idris", "Benali", "Europe/Paris")),
    ),
    Customer(
        "Minato Precision", "minatoprecision.example", "Osaka", "Machine tools",
        (("Haruki", "Mori", "Asia/Tokyo"), ("Sakura", "Endo", "Asia/Tokyo")),
    ),
    Customer(
        "Greenline Foods", "greenlinefoods.example", "Chicago", "Food and drink",
        (("Dana", "Whitfield", "America/Chicago"), ("Luis", "Ortega", "America/Chicago")),
    ),
    Customer(
        "Formosa Circuits", "formosacircuits.example", "Taipei", "Electronics",
        (("Mei-Ling", "Chen", "Asia/Taipei"), ("Wei", "Huang", "Asia/Taipei")),
    ),
    Customer(
        "Aldersgate Clinics", "aldersgate.example", "Bristol", "Health",
        (("Grace", "Okafor", "Europe/London"), ("Simon", "Pryce", "Europe/London")),
    ),
)  # fmt: skip

MATTERS = (
    Matter(RecordKind.DEAL, "Palletising cell, phase 2", "Baltic Cold Storage"),
    Matter(RecordKind.DEAL, "Bottling line pilot", "Hollis & Vane Brewing"),
    Matter(RecordKind.DEAL, "Riveting station", "Kestrel Avionics"),
    Matter(RecordKind.DEAL, "Service contract 2027", "Minato Precision"),
    Matter(RecordKind.DEAL, "Sorting robots, three sites", "Greenline Foods"),
    Matter(RecordKind.TICKET, "Gripper loses pressure after two hours", "Formosa Circuits"),
    Matter(RecordKind.TICKET, "Safety scanner report for the auditor", "Aldersgate Clinics"),
)

TOPICS = (
    "Kick-off",
    "Cell layout walk-through",
    "Pilot results",
    "Contract questions",
    "Quarterly review",
    "Training for the night shift",
    "Site visit",
    "Spare parts and service",
)
