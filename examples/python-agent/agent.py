#!/usr/bin/env python3
"""An agent outside of the server: reads a folder and tells one user what it finds, while it works.

It needs Python 3.9 or later and nothing else. Everything that makes a publisher reliable is in `Publisher`: each event has an
id of its own, a request that failed is sent again with the same ids, and the run stops when its user cancels it.
"""

import argparse
import email.utils
import http.client
import json
import os
import random
import signal
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Dict, Iterator, List, NamedTuple, NoReturn, Optional

AGENT_NAME = "folder-reader"

REQUEST_TIMEOUT_S = 10.0
FIRST_WAIT_S = 0.25
LONGEST_WAIT_S = 10.0

MAX_FILE_BYTES = 2_000_000
SKIPPED_FOLDERS = {"node_modules", "dist", "build", "coverage", "target", "venv", "__pycache__"}


class PublishError(Exception):
    """The server did not take an event, and sending it again does not help."""

    def __init__(self, message: str, code: str = "") -> None:
        super().__init__(message)
        self.code = code


class RunCancelled(PublishError):
    """The user cancelled the run: the server has ended it, there is nothing left to do."""


class NoRedirects(urllib.request.HTTPRedirectHandler):
    """A redirected POST would arrive as a GET: the event would be lost, and the key shown to another server."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


class Publisher:
    """Publishes events to one user over HTTP."""

    def __init__(self, url: str, user: str, api_key: str, retry_for_s: float) -> None:
        self._address = f"{url.rstrip('/')}/v1/users/{urllib.parse.quote(user, safe='')}/events"
        self._api_key = api_key
        self._retry_for_s = retry_for_s
        self._opener = urllib.request.build_opener(NoRedirects)

    def publish(self, event: Dict[str, Any], retry_for_s: Optional[float] = None) -> None:
        """Returns when the server has the event in its log. Its `event_id` makes it one event, however often it is sent."""
        body = json.dumps({"events": [event]}).encode()
        give_up_at = time.monotonic() + (self._retry_for_s if retry_for_s is None else retry_for_s)
        attempt = 0
        while True:
            try:
                return self._post(body)
            except urllib.error.HTTPError as error:
                with error:
                    code, message = read_error(error)
                if error.code == 409 and code == "RUN_CANCELLED":
                    raise RunCancelled(message, code) from None
                problem = f"{error.code} {code}: {message}"
                if error.code != 429 and error.code < 500:
                    raise PublishError(f"the server refused {event['type']}: {problem}", code) from None
                at_least_s = retry_after_s(error.headers.get("Retry-After"))
            except (OSError, http.client.HTTPException) as error:
                # urllib.error.URLError is an OSError; so are refused and broken connections and timeouts.
                reason = getattr(error, "reason", error)
                problem, at_least_s = f"{reason}", 0.0
            # Full jitter: publishers that lost the same server do not come back in step.
            wait_s = at_least_s + random.uniform(0, min(LONGEST_WAIT_S, FIRST_WAIT_S * 2**attempt))
            attempt += 1
            if time.monotonic() + wait_s > give_up_at:
                raise PublishError(f"gave up on {event['type']} after {attempt} tries: {problem}")
            note(f"{problem}; trying again in {wait_s:.1f} s")
            time.sleep(wait_s)

    def _post(self, body: bytes) -> None:
        request = urllib.request.Request(
            self._address,
            data=body,
            method="POST",
            headers={"Content-Type": "application/json", "Authorization": f"Bearer {self._api_key}"},
        )
        with self._opener.open(request, timeout=REQUEST_TIMEOUT_S) as answer:
            text = answer.read()
        if not is_receipt(text):
            raise PublishError("the answer is not one of an event server: check --url")


def is_receipt(text: bytes) -> bool:
    """Whether an answer says where the event is now: `{"epoch", "offsets"}`."""
    try:
        return len(json.loads(text)["offsets"]) == 1
    except (ValueError, KeyError, TypeError):
        return False


def read_error(error: urllib.error.HTTPError) -> "tuple[str, str]":
    """The code and message of an error answer: `{"error": {"code", "message"}}`."""
    try:
        body = json.loads(error.read())["error"]
        return str(body["code"]), str(body["message"])
    except (ValueError, KeyError, TypeError, OSError, http.client.HTTPException):
        return "HTTP_ERROR", str(error.reason)


def retry_after_s(header: Optional[str]) -> float:
    """Seconds that `Retry-After` asks for: a number, or a date."""
    if not header:
        return 0.0
    if header.strip().isdigit():
        return float(header)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(header).timestamp() - time.time())
    except (TypeError, ValueError):
        return 0.0


class Tool:
    """A tool call that is under way; what it found is put into `result`."""

    def __init__(self, id_: str, name: str) -> None:
        self.id = id_
        self.name = name
        self.started_at = time.monotonic()
        self.result: Any = None

    def completed(self, **outcome: Any) -> Dict[str, Any]:
        return {
            "tool_call_id": self.id,
            "tool_name": self.name,
            "duration_ms": milliseconds_since(self.started_at),
            **outcome,
        }


class Run:
    """One run: `agent_started` first, each tool call answered, `agent_completed` last."""

    def __init__(
        self, publisher: Publisher, thread: str, pace_s: float, id_: Optional[str] = None, is_again: bool = False
    ) -> None:
        self.id = id_ or f"run-{uuid.uuid4()}"
        self._is_again = is_again
        self._count = 0
        self._publisher = publisher
        self._thread = thread
        self._pace_s = pace_s
        self._started_at = time.monotonic()
        self._open_tool: Optional[Tool] = None
        self.is_open = False

    def start(self, task: str) -> None:
        self._started_at = time.monotonic()
        self._publish("agent_started", {"agent_name": AGENT_NAME, "task": task})
        self.is_open = True

    def think(self, text: str) -> None:
        self._publish("agent_thinking", {"delta": text})

    def respond(self, text: str) -> None:
        self._publish("agent_response_chunk", {"delta": text})

    @contextmanager
    def tool(self, name: str, **args: Any) -> Iterator[Tool]:
        # The same again, if the agent is killed and does the work once more.
        tool = Tool(f"{self.id}-tool-{self._count}", name)
        self._open_tool = tool
        self._publish("tool_executing", {"tool_call_id": tool.id, "tool_name": name, "args": args})
        tool.started_at = time.monotonic()
        yield tool
        self._publish("tool_completed", tool.completed(success=True, result=tool.result))
        self._open_tool = None
        time.sleep(self._pace_s)

    def complete(self, answer: str, usage: Dict[str, Any]) -> None:
        self._end({"status": "completed", "final_response": answer, "usage": usage})

    def abandon(self, status: str, error: str) -> None:
        """Ends the run before its time, so that no screen waits for it."""
        if self._open_tool is not None:
            try:
                self._publish("tool_completed", self._open_tool.completed(success=False, error=error), retry_for_s=5)
            except PublishError as refusal:
                # It was completed, or never arrived: either way it is not open.
                if refusal.code != "TOOL_CALL_NOT_EXECUTING":
                    raise
        self._end({"status": status, "error": error}, retry_for_s=5)

    def _end(self, payload: Dict[str, Any], retry_for_s: Optional[float] = None) -> None:
        duration_ms = milliseconds_since(self._started_at)
        self._publish("agent_completed", {**payload, "duration_ms": duration_ms}, retry_for_s)
        self.is_open = False

    def _publish(self, type_: str, payload: Dict[str, Any], retry_for_s: Optional[float] = None) -> None:
        # By its place in the run: an agent that was killed does the work again, and what it has published is there once.
        self._count += 1
        event = {
            "type": type_,
            "event_id": f"{self.id}-{self._count}",
            "thread_id": self._thread,
            "run_id": self.id,
            "payload": payload,
        }
        try:
            self._publisher.publish(event, retry_for_s)
        except PublishError as refusal:
            # It was published before, with another duration.
            if not (self._is_again and refusal.code == "ID_CONFLICT"):
                raise


class FileCount(NamedTuple):
    path: str
    lines: int
    words: int


def read_folder(run: Run, folder: Path) -> None:
    """The work itself: counts lines and words of the text files of a folder, and finds the longest."""
    run.start(f"Count the lines and words in {folder.name}")
    run.think("First I look at which files there are. ")
    with run.tool("list_files", folder=folder.name) as tool:
        paths = list_files(folder)
        tool.result = {"files": len(paths)}

    by_kind: Dict[str, List[Path]] = {}
    for path in paths:
        by_kind.setdefault(path.suffix.lower() or path.name, []).append(path)
    run.think(f"{len(paths)} files of {len(by_kind)} kinds. ")
    run.think("I count one kind after the other, the most frequent first. ")

    counts: List[FileCount] = []
    totals: List["tuple[str, int, int, int]"] = []
    for kind, members in sorted(by_kind.items(), key=lambda item: (-len(item[1]), item[0])):
        with run.tool("count_words", kind=kind, files=len(members)) as tool:
            counted = [count for path in members if (count := count_file(folder, path)) is not None]
            lines, words = sum(c.lines for c in counted), sum(c.words for c in counted)
            tool.result = {"text_files": len(counted), "lines": lines, "words": words}
        counts += counted
        if counted:
            totals.append((kind, len(counted), lines, words))

    run.think("Now the longest of them. ")
    with run.tool("find_longest", files=len(counts)) as tool:
        longest = max(counts, key=lambda count: (count.lines, count.path), default=None)
        tool.result = None if longest is None else longest._asdict()

    answer = ""
    for chunk in compose_answer(folder, totals, longest):
        run.respond(chunk)
        answer += chunk
    run.complete(answer, usage={"files_read": len(counts)})
    print(answer)


def list_files(folder: Path) -> List[Path]:
    found: List[Path] = []
    for parent, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in SKIPPED_FOLDERS and not name.startswith("."))
        found += [Path(parent, name) for name in sorted(files) if not name.startswith(".")]
    return [path for path in found if path.is_file() and not path.is_symlink()]


def count_file(folder: Path, path: Path) -> Optional[FileCount]:
    """`None` for what is not readable text."""
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            return None
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    if "\0" in text:
        return None
    return FileCount(path.relative_to(folder).as_posix(), len(text.splitlines()), len(text.split()))


def compose_answer(
    folder: Path, totals: "List[tuple[str, int, int, int]]", longest: Optional[FileCount]
) -> Iterator[str]:
    files, lines, words = (sum(row[column] for row in totals) for column in (1, 2, 3))
    yield f"**{folder.name}** holds {files:,} text files with {lines:,} lines and {words:,} words.\n\n"
    if longest is None:
        return
    yield "| kind | files | lines | words |\n| --- | ---: | ---: | ---: |\n"
    for kind, *numbers in sorted(totals, key=lambda row: -row[2])[:10]:
        yield f"| `{kind}` | " + " | ".join(f"{number:,}" for number in numbers) + " |\n"
    yield f"\nThe longest is `{longest.path}` with {longest.lines:,} lines.\n"


def milliseconds_since(started_at: float) -> int:
    return round((time.monotonic() - started_at) * 1000)


def note(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Counts the words in a folder and shows one user how it goes.")
    parser.add_argument("--url", default="http://127.0.0.1:8080", help="address of the server (default: %(default)s)")
    parser.add_argument("--user", default="demo", help="user who sees the run (default: %(default)s)")
    parser.add_argument(
        "--api-key",
        default=os.environ.get("WS_API_KEY") or "dev-key",
        help="API key of the server (default: WS_API_KEY, or the key of development mode)",
    )
    parser.add_argument("--thread", default=None, help="thread the run belongs to (default: a new one)")
    parser.add_argument("--folder", type=Path, default=Path("."), help="folder to read (default: the current one)")
    parser.add_argument("--pace", type=float, default=0.0, help="seconds to rest after each tool call, to watch it work")
    parser.add_argument(
        "--retry-for", type=float, default=60.0, help="seconds to go on trying while the server is away (default: 60)"
    )
    arguments = parser.parse_args()
    if not arguments.folder.is_dir():
        parser.error(f"--folder: {arguments.folder} is not a folder")
    if not is_http_url(arguments.url):
        parser.error("--url: must be an address like http://127.0.0.1:8080")
    return arguments


def is_http_url(text: str) -> bool:
    try:
        url = urllib.parse.urlsplit(text)
        return url.scheme in ("http", "https") and bool(url.hostname) and url.port != 0
    except ValueError:
        return False


def terminated(*_: Any) -> NoReturn:
    raise KeyboardInterrupt


def main() -> int:
    arguments = read_arguments()
    signal.signal(signal.SIGTERM, terminated)
    thread = arguments.thread or f"thread-{uuid.uuid4()}"
    publisher = Publisher(arguments.url, arguments.user, arguments.api_key, arguments.retry_for)
    run = Run(publisher, thread, arguments.pace)
    page = urllib.parse.urlencode({"user": arguments.user, "thread": thread})
    note(f"{run.id}: watch it at {arguments.url.rstrip('/')}/?{page}")
    try:
        read_folder(run, arguments.folder.resolve())
        return 0
    except RunCancelled:
        # The server has ended the run already, open tool calls included.
        note("cancelled by the user: stopped")
        return 0
    except PublishError as error:
        note(f"stopped: {error}")
        # Without a code the server is away; with one of these it has ended the run. In both cases it needs no word from here.
        if error.code and not error.code.startswith("RUN_"):
            abandon(run, "failed", "the agent published an event that was refused")
        return 1
    except KeyboardInterrupt:
        note("stopped by hand")
        abandon(run, "cancelled", "stopped by hand")
        return 130
    except Exception as error:
        abandon(run, "failed", f"{type(error).__name__}: {error}")
        raise


def abandon(run: Run, status: str, error: str) -> None:
    if not run.is_open:
        return
    try:
        run.abandon(status, error)
    except PublishError as refusal:
        # The server ends the run itself when nothing more is heard of it.
        note(f"the run could not be ended: {refusal}")


if __name__ == "__main__":
    sys.exit(main())
