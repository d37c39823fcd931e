"""A wall clock that jumps: nothing that is kept, limited or compared may go by it."""

import asyncio
from collections import Counter

from soak.faulting.findings import Finding
from soak.faulting.forms import export
from soak.faulting.load import Load
from soak.faulting.scale import Scale, named, place
from soak.loading.line import Line, request

_TURNS = 30
_MOST_TURNS = 3000
APPLICATION = "soak.faulting.shifted:app"


async def jumps(scale: Scale, behind: bool = False) -> Finding:
    """An hour forward, an hour back, ten years back, and again, several times a second."""
    with place(behind=behind, application=APPLICATION) as where:
        async with Load(where.url, scale.rights, scale.targets, scale.clients) as load:
            line = await Line.to(where.url)
            marks: set[str] = set()
            seen: Counter[int] = Counter()
            dates: set[str] = set()
            # The server looks at its clock for the Date header once a second, and meets each jump by chance.
            for turn in range(_MOST_TURNS):
                answer = await line.ask(request(scale.targets[0]))
                marks.add(answer.header("etag"))
                again = await line.ask(request(scale.targets[0], If_None_Match=answer.header("etag")))
                seen[again.status] += 1
                dates.add((await line.ask(request("/healthz"))).header("date")[12:16])
                if turn >= _TURNS and (behind or len(dates) > 1):
                    break
                await asyncio.sleep(0.05)
            line.close()
            await load.answers(scale.answers)
        status = await export(where.url)
        left = [*where.app.left_behind(), *where.app.complaints()]
    wrong_marks = len(marks) - 1 + (len(dates) < 2 and not behind)
    return Finding(
        named("The clock jumps", behind),
        "+1 h, −1 h, −10 years in turn, every 70 ms",
        f"{load.told()}; {seen[304]} of {seen.total()} asked by ETag: 304; an export: {status}",
        load.errors() + wrong_marks + seen.total() - seen[304] + (status != 200),
        len(load.wrong),
        left,
    )
