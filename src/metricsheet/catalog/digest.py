"""A short name for the content of definitions: equal content has equal digests, whatever its layout."""

from __future__ import annotations

from collections.abc import Iterable

SHOWN = 12
"""Characters of the digest that are shown; enough to tell any two sets of definitions apart."""


def digest_of(contents: Iterable[object]) -> str:
    """Return the first characters of the SHA-256 of ``contents``, the values of YAML files in their order.

    Comments, quotes, indentation and file names make no difference; the order of keys does, as outputs
    follow it.
    """
    import json
    from hashlib import sha256

    digest = sha256()
    for content in contents:
        digest.update(json.dumps(content, ensure_ascii=False, separators=(",", ":"), default=str).encode())
        digest.update(b"\n")
    return digest.hexdigest()[:SHOWN]
