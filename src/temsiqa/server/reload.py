"""A running server answers from whatever generation is current, without a pause."""

from __future__ import annotations

import asyncio
import logging

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import State

from temsiqa.assistant import Assistant

LOOK_EVERY = 1.0  # seconds
LOOK_AGAIN = 30.0  # seconds, where the current generation could not be loaded, which takes as long as loading does
_log = logging.getLogger(__name__)


async def keep_current(state: State) -> None:
    """Renews ``state.assistant`` whenever another generation becomes current, until it is cancelled.

    The new assistant is made in a thread and takes its place in one assignment: a request answers to its end from the
    one it began with. What cannot be loaded is told once, and the former assistant stays.
    """
    told = ""
    while True:
        await asyncio.sleep(LOOK_AGAIN if told else LOOK_EVERY)
        assistant: Assistant = state.assistant
        try:
            state.assistant = await run_in_threadpool(assistant.renewed)
            told = ""
        except Exception as error:  # noqa: BLE001 - whatever is wrong with the new one, the old one serves
            reason = f"{type(error).__name__}: {error}"
            if reason != told:
                _log.error("generation %s goes on answering; %s", assistant.generation.name[:8], reason)
            told = reason
