"""The shape of knowledge/profile.yml: the texts of what can be printed."""
from __future__ import annotations

from opi_advisor.knowledge_files import Frozen, Text


class ScreenTexts(Frozen):
    """What stands around a sheet on the screen and is not printed."""

    menu: Text
    how_to_print: Text
    advisor: Text
    other_language: Text


class ProfileTexts(Frozen):
    """The one-page profile."""

    title: Text
    title_neutral: Text
    seen_from: Text
    seen_by_both: Text
    scales: Text
    legend_typical: Text
    legend_placed: Text
    legend_own: Text
    legend_other: Text
    scale: Text
    scale_typical: Text
    scale_placed: Text
    placed_at: Text
    not_placed: Text
    lane_typical: Text
    lane_placed: Text
    row: Text
    point: Text
    points_to: Text
    points_and: Text
    talk: Text
    ours: Text
    gap_placed: Text
    gap_typical: Text
    meeting: Text
    suggestion: Text


class SheetTexts(Frozen):
    """The whole comparison."""

    title: Text
    caption: Text
    dimension: Text


class OriginTexts(Frozen):
    """Where a sheet comes from."""

    title: Text
    source: Text
    profile: Text
    comparison: Text
    placements: Text
    made: Text


class RefusedTexts(Frozen):
    """The page for an address that can't be used: what is wrong with it, and how to go on."""

    title: Text
    unreadable: Text
    too_long: Text
    unknown: Text
    doubled: Text
    language: Text
    side: Text
    places: Text
    go_on: Text
    without: Text


class ProfileFile(Frozen):
    """knowledge/profile.yml"""

    screen: ScreenTexts
    profile: ProfileTexts
    sheet: SheetTexts
    origin: OriginTexts
    refused: RefusedTexts
