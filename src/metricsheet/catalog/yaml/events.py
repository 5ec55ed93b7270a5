"""Reads YAML strictly from PyYAML's event stream, keeping the place of every key and value.

No loader class of PyYAML makes a value here: plain scalars become numbers, true, false or nothing only in
the forms that YAML 1.2 gives them, and everything an analyst could have meant otherwise is refused with the
text that would be right. Anchors, aliases, merge keys and tags do not exist in this dialect.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from metricsheet.catalog.problems import Problems
from metricsheet.catalog.yaml.quotes import quoted, quotes_hint, to_closing_parenthesis
from metricsheet.catalog.yaml.tree import REFUSED, At, Block, Items
from metricsheet.language.message import Message
from metricsheet.source import Place, SourceFile

MOST_VALUES = 100_000
MOST_LEVELS = 40

_MAYBE_NOT_TEXT = frozenset("0123456789+-.~tTfFnN")
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"[-+]?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
_OTHER_NUMBER = re.compile(
    r"[-+]?(?:0[0-9]+(?:\.[0-9]*)?|[0-9]+(?:_[0-9]+)+(?:\.[0-9]*)?|0[xob][0-9a-fA-F_]+|\.(?:inf|Inf|INF|nan|NaN|NAN))"
)
_CONSTANTS: dict[str, object] = {
    **dict.fromkeys(("~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_COMMENT_GLUED = re.compile(r"\S +#[^\s#]")
_TAIL_COMMENT = re.compile(r"(\s+)(#\S.*)")
_BLOCK_HEADER = re.compile(r"[>|][-+]?(?: |$)")
_CURLY_QUOTES = re.compile("[“”„«].*[“”»]|[‘’‚].*[‘’]")


class LimitExceeded(Exception):  # noqa: N818 (control flow inside this package, never seen outside)
    """Reading cannot go on: a limit was passed."""


class Reading:
    """One pass over the events of a file; ``root`` is what was read when ``run`` returns."""

    def __init__(self, source: SourceFile, text: str, problems: Problems) -> None:
        self.source = source
        self.lines = text.split("\n")
        self.problems = problems
        self.root: object = None
        self.values = 0
        self.glued_comments = {
            number for number, line in enumerate(self.lines) if "#" in line and _COMMENT_GLUED.search(line)
        }

    def run(self, events: Iterator[Any]) -> None:
        """Read ``events``; raises ``LimitExceeded`` after a problem that ends the reading."""
        import yaml

        scalar_event, alias_event = yaml.ScalarEvent, yaml.AliasEvent
        mapping_start, sequence_start = yaml.MappingStartEvent, yaml.SequenceStartEvent
        collection_end = (yaml.MappingEndEvent, yaml.SequenceEndEvent)
        stack: list[tuple[Block | Items | None, bool]] = []
        holder: Block | Items | None = None
        key: str | None = None
        flow = False  # inside [ ] or { }
        value: object
        for event in events:
            kind = type(event)
            if kind in collection_end:
                holder, flow = stack.pop()
                key = None
                continue
            if kind is not scalar_event and kind not in (mapping_start, sequence_start, alias_event):
                if kind is yaml.DocumentStartEvent:
                    self._document_start(event)
                continue
            self.values += 1
            mark = event.start_mark
            at = (mark.line + 1, mark.column + 1)
            if self.values > MOST_VALUES:
                self._stop(Message("too_many_values", most=MOST_VALUES), at)
            expects_key = type(holder) is Block and key is None
            if kind is scalar_event:
                if event.anchor or event.tag:
                    self._marked(event, at)
                if expects_key:
                    key = self._key(holder, event, at, flow)
                    continue
                value = self._scalar(event, at, holder if flow else None)
            elif kind is alias_event:
                self._needs_quotes("alias", Message("an_alias"), at)
                if expects_key:
                    key = self._reserve(holder, f"*{event.anchor}", at)
                    continue
                value = REFUSED
            else:
                if event.anchor or event.tag:
                    self._marked(event, at)
                if expects_key:
                    self._stop(
                        Message("key_not_text.list_or_block"),
                        at,
                        Message("put_text_in_quotes"),
                    )
                if len(stack) >= MOST_LEVELS:
                    self._stop(Message("nested_too_deep", most=MOST_LEVELS), at)
                value = Block(self.source, at) if kind is mapping_start else Items(self.source, at)
            if type(holder) is Block:
                assert key is not None
                if key not in holder:
                    holder[key] = value
                    holder.values_at[key] = at
                key = None
            elif type(holder) is Items:
                holder.append(value)
                holder.items_at.append(at)
            else:
                self.root = value
            if kind is mapping_start or kind is sequence_start:
                stack.append((holder, flow))
                holder = value  # type: ignore[assignment]
                flow = flow or bool(event.flow_style)

    def _document_start(self, event: Any) -> None:
        at = (event.start_mark.line + 1, event.start_mark.column + 1)
        if self.root is not None or self.values:
            message = Message("second_document.started")
            self._stop(message, at, Message("delete_document_line"))
        if event.version or event.tags:
            place = Place(self.source, 1, 1)
            self.problems.syntax(Message("directive"), place, Message("delete_line"))

    def _marked(self, event: Any, at: At) -> None:
        if event.anchor:
            self._needs_quotes("anchor", Message("an_anchor", name=event.anchor), at)
        if event.tag:
            self._needs_quotes("tag", Message("text_with_exclamation"), at)

    def _needs_quotes(self, code: str, found: Message, at: At) -> None:
        written = self._from(at).split(" #")[0].rstrip(" ,]}")
        reused = code in ("alias", "anchor")
        hint = Message("quotes_or_extends" if reused else "quotes_if_text", text=quoted(written))
        self._report(Message("plain_text_expected", found=found), at, hint, code)

    def _key(self, holder: Any, event: Any, at: At, flow: bool) -> str:
        key: str = event.value
        if not flow and at[1] != holder.at[1] and self.lines[at[0] - 1][: at[1] - 1].endswith("? "):
            self._report(
                Message("key_not_text.question_mark"),
                at,
                Message("delete_question_mark"),
            )
        elif key == "<<":
            self._report(
                Message("merge_key"),
                at,
                Message("use_extends"),
            )
        elif not key:
            self._report(Message("empty_key"), at)
        elif key in holder.keys_at:
            first = holder.key_place(key)
            self.problems.error(
                Message("duplicate_key", key=key),
                self._place(at),
                Message("delete_one_of_two"),
                ((first, Message("first_written")),),
            )
        return self._reserve(holder, key, at)

    def _reserve(self, holder: Any, key: str, at: At) -> str:
        """Note where ``key`` is; the first of two equal keys stays, so that its errors show too."""
        holder.keys_at.setdefault(key, at)
        return key

    def _scalar(self, event: Any, at: At, flow_holder: Block | Items | None) -> object:
        """Return what a scalar means; ``flow_holder`` is the ``[ ]`` or ``{ }`` around it, if any."""
        text: str = event.value
        if event.style in ("'", '"'):
            return text
        if event.style:
            return self._block_text(text, at)
        end = event.end_mark
        if end.line in self.glued_comments:
            tail = _TAIL_COMMENT.match(self.lines[end.line], end.column)
            if tail:
                return self._cut_by_hash(text, tail.group(2), (end.line + 1, tail.start(2) + 1))
        if not text:
            if type(flow_holder) is Block and self.lines[at[0] - 1][: at[1] - 1].rstrip()[-1:] != ":":
                return self._key_without_value(flow_holder)
            return None
        if text[0] in _MAYBE_NOT_TEXT:
            return self._number_or_word(text, at)
        if flow_holder is not None and text.count("(") > text.count(")"):
            self._report(
                Message("comma_in_parentheses"),
                at,
                Message("put_the_text_in_quotes", text=quoted(to_closing_parenthesis(self._from(at)))),
            )
        elif text[0] in "“”„«‘’‚" and _CURLY_QUOTES.fullmatch(text):
            self.problems.warning(
                Message("curly_quotes"),
                self._place(at),
                Message("straight_quotes_hold", text=quoted(text[1:-1])),
            )
        return text

    def _number_or_word(self, text: str, at: At) -> object:
        if text in _CONSTANTS:
            return _CONSTANTS[text]
        if _INTEGER.fullmatch(text) and len(text) <= 16:
            return int(text)
        if _DECIMAL.fullmatch(text):
            number = float(text)
            if abs(number) < 1e308 and not _INTEGER.fullmatch(text):
                return number
            found = Message("number_too_long")
        elif _OTHER_NUMBER.fullmatch(text):
            found = Message("can_be_read_as_either", text=text)
        else:
            return text
        plain = text.replace("_", "").lstrip("0") or "0"
        if plain.isdigit() and len(plain) < 16:
            hint = Message("write_number_or_text", number=plain, text=quoted(text))
        else:
            hint = Message("write_if_text", text=quoted(text))
        self._report(Message("number_form", found=found), at, hint)
        return REFUSED

    def _block_text(self, text: str, at: At) -> object:
        header = self._from(at)
        if text.strip() and _BLOCK_HEADER.match(header):
            return text.rstrip("\n")
        self._report(
            Message("needs_quotes.text_block", sign=header.split(" ")[0]),
            at,
            quotes_hint(header.split(" #")[0].strip()),
        )
        return REFUSED

    def _cut_by_hash(self, text: str, comment: str, at: At) -> object:
        whole = f"{text} {comment}" if text else comment
        left = Message("only_text_left", text=text) if text else Message("nothing")
        self._report(
            Message("hash_in_text", left=left),
            at,
            Message("quotes_or_comment", text=quoted(whole)),
        )
        return REFUSED

    def _key_without_value(self, holder: Block) -> object:
        key = list(holder.keys_at)[-1]
        at = holder.keys_at[key]
        assert not isinstance(at, Place)
        if key.count("(") != key.count(")"):
            return REFUSED  # the rest of a text cut at a comma, already reported
        if ":" in key:
            name, _, rest = key.partition(":")
            hint = Message("space_after_this_colon", name=name, rest=rest)
        elif key.isdigit():
            hint = Message("no_thousands_separator")
        else:
            hint = Message("quotes_for_braces")
        self._report(Message("key_without_value", key=key), at, hint)
        return REFUSED

    def _from(self, at: At) -> str:
        """Return the rest of the line from ``at``."""
        return self.lines[at[0] - 1][at[1] - 1 :]

    def _place(self, at: At) -> Place:
        return Place(self.source, at[0], at[1])

    def _report(self, message: Message, at: At, hint: Message | None = None, code: str = "") -> None:
        self.problems.syntax(message, self._place(at), hint, code)

    def _stop(self, message: Message, at: At, hint: Message | None = None) -> None:
        self._report(message, at, hint)
        raise LimitExceeded
