#!/usr/bin/env python3
"""A chat agent outside of the server, which cannot be called: it fetches what users say, and answers by publishing runs.

It needs Python 3.9 or later and nothing else. Start several: each message is answered by one of them. Kill one in the middle of a
run: another one, or the same one started again, is handed the message once more and goes on with the same run.
"""

import argparse
import http.client
import json
import os
import random
import signal
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any, Dict, List

from agent import (
    REQUEST_TIMEOUT_S,
    NoRedirects,
    Publisher,
    PublishError,
    Run,
    RunCancelled,
    abandon,
    is_http_url,
    note,
    read_error,
    read_folder,
    terminated,
)

WAIT_MS = 20_000
LONGEST_PAUSE_S = 10.0


class InboxError(Exception):
    """The server does not hand out calls to this agent, and asking again does not help."""


class Inbox:
    """What users say, cancel and decide, as long as this agent holds it."""

    def __init__(self, url: str, api_key: str, hold_ms: int) -> None:
        self._url = f"{url.rstrip('/')}/v1/inbox"
        self._api_key = api_key
        self._hold_ms = hold_ms
        self._opener = urllib.request.build_opener(NoRedirects)

    @property
    def hold_s(self) -> float:
        return self._hold_ms / 1000

    def claim(self) -> "tuple[str, List[Dict[str, Any]]]":
        """Waits for a call, and holds it. Empty when none came for a while."""
        answer = self._post("claim", {"limit": 1, "hold_ms": self._hold_ms, "wait_ms": WAIT_MS}, WAIT_MS / 1000)
        return answer["claim_id"], answer["calls"]

    def extend(self, claim_id: str, call_id: str) -> bool:
        """Holds a call, and the run that answers it, for longer. False: it is over, or another agent's by now."""
        body = {"claim_id": claim_id, "call_ids": [call_id], "hold_ms": self._hold_ms}
        return call_id in self._post("extend", body)["held"]

    def acknowledge(self, claim_id: str, call_id: str) -> None:
        self._post("ack", {"claim_id": claim_id, "call_ids": [call_id]})

    def _post(self, call: str, body: Dict[str, Any], wait_s: float = 0) -> Dict[str, Any]:
        request = urllib.request.Request(
            f"{self._url}/{call}",
            data=json.dumps(body).encode(),
            method="POST",
            headers={"Content-Type": "application/json", "Authorization": f"Bearer {self._api_key}"},
        )
        try:
            with self._opener.open(request, timeout=REQUEST_TIMEOUT_S + wait_s) as answer:
                return json.loads(answer.read())
        except urllib.error.HTTPError as error:
            with error:
                code, message = read_error(error)
            problem = f"{error.code} {code}: {message}"
            if error.code != 429 and error.code < 500:
                raise InboxError(f"the server refused {call}: {problem}") from None
            raise ConnectionError(problem) from None


class Holding:
    """Keeps a call while the agent works on it: the work may be silent for longer than the call is held."""

    def __init__(self, inbox: Inbox, claim_id: str, call_id: str) -> None:
        self._inbox = inbox
        self._claim_id = claim_id
        self._call_id = call_id
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._keep, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: Any) -> None:
        self._done.set()
        self._thread.join()

    def _keep(self) -> None:
        while not self._done.wait(self._inbox.hold_s / 3):
            try:
                if not self._inbox.extend(self._claim_id, self._call_id):
                    note("the message is not this agent's any more: its events are refused, or repeat what is there")
                    return
            except (OSError, http.client.HTTPException, InboxError) as error:
                note(f"the message could not be kept: {error}")


def answer(call: Dict[str, Any], inbox: Inbox, claim_id: str, arguments: argparse.Namespace) -> None:
    """Answers one message with the run that the server has promised to its user."""
    publisher = Publisher(arguments.url, call["user_id"], arguments.api_key, arguments.retry_for)
    run = Run(publisher, call["thread_id"], arguments.pace, call["run_id"], is_again=call["attempt"] > 1)
    note(f"{run.id}: attempt {call['attempt']}")
    with Holding(inbox, claim_id, call["call_id"]):
        try:
            read_folder(run, folder_of(call["payload"]["text"], arguments.folder.resolve()))
        except RunCancelled:
            note(f"{run.id}: cancelled by the user")
        except PublishError as error:
            note(f"{run.id}: {error}")
            # Without a code the server is away: the message comes again. With one of these it has ended the run.
            if not error.code:
                return
            if not error.code.startswith("RUN_"):
                abandon(run, "failed", "the agent published an event that was refused")
        except Exception as error:
            abandon(run, "failed", f"{type(error).__name__}: {error}")
    # Not before the run has ended: an agent that is killed before leaves the message to the next one.
    inbox.acknowledge(claim_id, call["call_id"])


def folder_of(text: str, root: Path) -> Path:
    """The folder below `root` that a message names, or `root`."""
    for word in text.split():
        path = (root / word.strip("`'\"?.,")).resolve()
        if path != root and root in path.parents and path.is_dir():
            return path
    return root


def serve(inbox: Inbox, arguments: argparse.Namespace) -> None:
    attempt = 0
    while True:
        try:
            claim_id, calls = inbox.claim()
            for call in calls:
                if call["type"] == "user_message":
                    answer(call, inbox, claim_id, arguments)
                else:
                    # A cancelled run is noticed by its next event, which is refused.
                    inbox.acknowledge(claim_id, call["call_id"])
            attempt = 0
        except (OSError, http.client.HTTPException) as error:
            # Full jitter, as for events.
            wait_s = random.uniform(0, min(LONGEST_PAUSE_S, 0.25 * 2**attempt))
            attempt += 1
            note(f"{error}; asking again in {wait_s:.1f} s")
            time.sleep(wait_s)


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Answers what users say with the words it counts in a folder.")
    parser.add_argument("--url", default="http://127.0.0.1:8080", help="address of the server (default: %(default)s)")
    parser.add_argument(
        "--api-key",
        default=os.environ.get("WS_API_KEY") or "dev-key",
        help="API key with the scopes inbox and publish (default: WS_API_KEY, or the key of development mode)",
    )
    parser.add_argument("--folder", type=Path, default=Path("."), help="folder to read (default: the current one)")
    parser.add_argument("--pace", type=float, default=0.0, help="seconds to rest after each tool call, to watch it work")
    parser.add_argument(
        "--hold", type=float, default=60.0, help="seconds until a message of an agent that was killed is handed out again"
    )
    parser.add_argument(
        "--retry-for", type=float, default=60.0, help="seconds to go on trying while the server is away (default: 60)"
    )
    arguments = parser.parse_args()
    if not arguments.folder.is_dir():
        parser.error(f"--folder: {arguments.folder} is not a folder")
    if not is_http_url(arguments.url):
        parser.error("--url: must be an address like http://127.0.0.1:8080")
    if not 1 <= arguments.hold <= 3600:
        parser.error("--hold: must be from 1 to 3600")
    return arguments


def main() -> int:
    arguments = read_arguments()
    signal.signal(signal.SIGTERM, terminated)
    note(f"waits for messages at {arguments.url}")
    try:
        serve(Inbox(arguments.url, arguments.api_key, round(arguments.hold * 1000)), arguments)
        return 0
    except InboxError as error:
        note(f"stopped: {error}")
        return 1
    except KeyboardInterrupt:
        note("stopped by hand: a message that was not answered comes again")
        return 130


if __name__ == "__main__":
    sys.exit(main())
