"""From an uploaded export to plays, with a verdict for every row.

`uploads` receives the bytes, `archive` opens them safely, `formats` recognises history files by name and shape, `rows`
reads them piece by piece, `verdicts` decides about each row, `batches` writes them, `job` is what the worker runs.
"""
