"""The framework formats that come with talenthub."""

from __future__ import annotations

from talenthub.hooks import FrameworkFormat

_HERE = "talenthub.framework.formats"

BUILT_IN = (
    FrameworkFormat(
        "yaml",
        "one file, as docs/framework.md describes it",
        (".yaml", ".yml", ""),
        read=f"{_HERE}.yaml:read_files",
        write=f"{_HERE}.yaml_writing:write",
    ),
    FrameworkFormat(
        "csv",
        "a folder of CSV files, one per sheet of the template",
        (".csv",),
        read=f"{_HERE}.csv_folder:read",
        write=f"{_HERE}.csv_folder:write",
    ),
    FrameworkFormat(
        "xlsx",
        "a workbook made from `talent framework template`",
        (".xlsx", ".xlsm"),
        read=f"{_HERE}.workbook:read",
        write=f"{_HERE}.workbook:write",
    ),
    FrameworkFormat(
        "uk-gdad",
        "the two CSV files of the UK Government Digital and Data framework",
        (".csv",),
        read=f"{_HERE}.gdad:read",
    ),
    FrameworkFormat(
        "unidays",
        "a folder of JSON files with topics and roles, as UNiDAYS has them",
        (".json",),
        read=f"{_HERE}.unidays:read",
    ),
    FrameworkFormat(
        "uk-civil-service",
        "the JSON of the UK Civil Service competencies of 2012",
        (".json",),
        read=f"{_HERE}.civil_service:read",
    ),
    FrameworkFormat(
        "case",
        "a package of CASE 1.0 or 1.1 as JSON; written as 1.1",
        (".json",),
        read=f"{_HERE}.case:read",
        write=f"{_HERE}.case_writing:write",
    ),
    FrameworkFormat(
        "case-1.0",
        "a package of CASE 1.0 as JSON",
        (".json",),
        write=f"{_HERE}.case_writing:write_1_0",
    ),
    FrameworkFormat(
        "nist-nice",
        "the JSON of the NIST NICE framework, tasks, knowledge, skills and work roles",
        (".json",),
        read=f"{_HERE}.nice:read",
    ),
    FrameworkFormat(
        "osmt",
        "the CSV of rich skill descriptors that the Open Skills tool exports",
        (".csv",),
        read=f"{_HERE}.osmt:read",
    ),
    FrameworkFormat(
        "esco",
        "the CSV files of ESCO's skills, occupations and their links, or the same as JSON",
        (".csv", ".json"),
        read=f"{_HERE}.esco:read",
    ),
    FrameworkFormat(
        "onet",
        "O*NET's ratings of occupations, with level anchors and titles where they are there",
        (".csv", ".tsv", ".txt"),
        read=f"{_HERE}.onet:read",
    ),
    FrameworkFormat(
        "ft-progression",
        "one YAML file with levels, themes and competencies, as the Financial Times has it",
        (".yaml", ".yml"),
        read=f"{_HERE}.progression:read",
    ),
    FrameworkFormat(
        "direct",
        "the folder of JSON files of the DIRECT research competencies",
        (".json",),
        read=f"{_HERE}.direct:read",
    ),
)
