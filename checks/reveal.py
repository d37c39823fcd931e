"""A deck of reveal.js and a client of player.js, both from npm, with figures of ours in frames from another site.

`python3 -m checks.reveal --pictures FOLDER` leaves a picture of each slide in a folder.
"""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Route, sync_playwright

from checks.deck.show import FRAMES, Fault, Show, hold
from checks.deck.site import install, served, write_page
from tests.browsers import launch_options
from tests.servers import running_app


def main(args: list[str]) -> int:
    """0 when all that is claimed below holds, each on a deck that was opened anew."""
    faults = 0
    with tempfile.TemporaryDirectory(prefix="convoscope deck ") as name:
        folder = Path(name)
        install(folder)
        with running_app() as server, served(folder) as address, sync_playwright() as playwright:
            write_page(folder, server)
            browser = playwright.chromium.launch(**launch_options())
            for claim in CLAIMS:
                show = Show(browser, address, server)
                wrong = fault_of(claim, show)
                faults += bool(wrong)
                print(f"reveal: {'not so' if wrong else 'so'}: {claim.__doc__}{wrong}", flush=True)
                show.page.close()
            if args[:1] == ["--pictures"]:
                take_pictures(Show(browser, address, server), Path(args[1]))
            browser.close()
    return 1 if faults else 0


def fault_of(claim: Callable[[Show], None], show: Show) -> str:
    """What is wrong with a claim, in lines of its own; nothing where it holds."""
    try:
        claim(show)
    except Fault as fault:
        show.faults.insert(0, str(fault))
    return "".join(f"\n  {fault}" for fault in show.faults)


def take_pictures(show: Show, folder: Path) -> None:
    """A picture of each slide, some steps into its figure."""
    folder.mkdir(parents=True, exist_ok=True)
    for slide, name in enumerate(FRAMES):
        show.go(slide)
        show.ready(name)
        show.until(f"is('{name}', ({{step}}) => step > 3)", f"the figure «{name}» is under way")
        show.at_rest()
        show.page.screenshot(path=folder / f"{slide + 1} {name}.png")


# --- what is claimed ---


def keys_turn_slides(show: Show) -> None:
    """keys turn the slides: no figure takes the keyboard by itself"""
    show.ready("first", "steered", "clear")
    for key, slide in (("ArrowRight", 1), ("Space", 2), ("PageDown", 3), ("n", 4), ("ArrowLeft", 3), ("PageUp", 2)):
        show.press(key, slide)
    show.press("End", 4)
    show.press("Home", 0)
    hold(show.state("steered")["step"], 4, "the step of a figure that no key was meant for")


def only_the_figure_on_show_plays(show: Show) -> None:
    """only the figure on show plays: at once on the first slide, and none that was not to play"""
    show.ready("first", "steered", "clear")
    show.plays("first")
    for slide, name in enumerate(FRAMES):
        if slide:
            show.go(slide)
        show.ready(name)
        others = [other for other in FRAMES if other != name]
        for other in others:
            still = f"stateOf('{other}').then((state) => !state?.playing)"
            show.until(still, f"«{other}» stands still while «{name}» is on show")
        before = show.steps(others)
        if name == "steered":
            hold(show.state(name)["playing"], False, "whether a figure plays that was not told to")
        else:
            show.plays(name)
        hold(show.steps(others), before, f"the steps of the others while «{name}» was on show")


def both_ways_of_loading_work(show: Show) -> None:
    """with data-preload a figure is there before its slide; with data-src alone it comes with it, anew each time"""
    show.ready("first", "steered")
    hold(show.slide, 0, "the slide on which a figure two slides on has loaded")
    lazy = show.page.locator("#lazy")
    hold(lazy.get_attribute("src"), None, "the address of a frame whose slide has not come yet")
    show.press("ArrowRight", 1)
    show.plays("lazy")
    show.press("ArrowRight", 2)
    hold(lazy.get_attribute("src"), None, "the address of a frame whose slide has gone")
    show.press("ArrowLeft", 1)
    show.plays("lazy")
    began = show.page.evaluate("told.lazy.filter(({event}) => event === 'ready').map(({step}) => step)")
    hold(began, [2, 2], "the steps at which the figure began, once for each time that its slide came")


def a_figure_plays_that_is_late(show: Show) -> None:
    """a figure that loads only after its slide has come plays nevertheless"""
    held: list[Route] = []
    show.page.route("**/embed/pooling?*", lambda route: held.append(route))
    show.page.reload(wait_until="commit")
    show.until("window.Reveal?.isReady()", "reveal.js is ready")
    show.go(3)
    hold(len(held), 1, "how often the late figure was asked for until its slide came")
    held[0].continue_()
    show.plays("clear")
    hold(show.page.locator("#first").get_attribute("src"), None, "the address of a preloaded frame three slides away")
    show.go(0)
    show.plays("first")


def figures_are_found_as_they_were_left(show: Show) -> None:
    """back on its slide, a figure is as it was left: what played plays on, what a hand has stopped does not"""
    show.ready("first", "steered")
    show.go(2)
    show.page.locator("#two").click()
    show.until("is('steered', ({params}) => params.stride === '2')", "the slide's button sets stride 2")
    show.click(show.figure("steered").locator("#forward"))
    show.stands("steered", 5, "a click takes a step")
    steered = show.state("steered")
    show.go(0)
    show.plays("first")
    show.go(2)
    show.until("is('first', ({playing}) => !playing)", "a figure stops when its slide goes")
    told = show.state("first")
    left, last = told["step"], told["end"]
    show.page.evaluate("() => send('first', {convoscope: {listen: true}})")
    show.go(0)
    show.until("told.first.some(({event, playing}) => event === 'step' && playing)", "the figure plays on")
    goes_on = show.page.evaluate("told.first.find(({event}) => event === 'step').step")
    if goes_on not in (left, left + 1) and left < last:
        raise Fault(f"a figure that was left at step {left} went on at step {goes_on}")
    show.click(show.figure("first").locator("#play"))
    show.until("is('first', ({playing}) => !playing)", "a click on Pause stops the figure")
    stopped = show.state("first")
    show.page.evaluate("Reveal.sync()")  # says once more that the slide has come
    hold(show.state("first"), stopped, "the figure that a hand had stopped, its slide still on show")
    show.go(2)
    hold(show.state("steered"), steered, "the figure with stride 2, found again")
    show.go(0)
    hold(show.state("first"), stopped, "the figure that a hand had stopped, found again")


def a_button_sets_stride_2(show: Show) -> None:
    """a button of the slide sets stride 2, with one message"""
    show.ready("steered")
    show.go(2)
    figure = show.figure("steered")
    figure.get_by_role("grid", name="Output 7 × 7").wait_for()
    show.page.locator("#two").click()
    figure.get_by_role("grid", name="Output 4 × 4").wait_for()
    hold(show.state("steered")["params"], {"input_size": "7", "padding": "1", "stride": "2"}, "the parameters told")


def keys_are_let_go_at_the_ends(show: Show) -> None:
    """a figure that has the focus steps by arrows, and at its ends they turn the slide, as do those that follow"""
    show.ready("steered", "clear")
    show.go(2)
    forward = show.figure("steered").locator("#forward")
    show.click(forward)
    show.stands("steered", 5, "a click takes a step")
    show.page.keyboard.press("ArrowRight")
    show.stands("steered", 6, "an arrow key takes a step of the figure that has the focus")
    hold(show.slide, 2, "the slide while the figure uses the keys")
    show.page.keyboard.press("End")
    show.stands("steered", 49, "End leads to the last step")
    show.press("ArrowRight", 3)
    show.until("document.activeElement === document.body", "the figure gives the keys back when its slide has gone")
    show.press("ArrowLeft", 2)  # which the figure could have used
    hold(show.state("steered")["step"], 49, "the step of a figure that was not on show when a key was pressed")
    forward.focus()
    show.page.keyboard.press("Home")
    show.stands("steered", 0, "Home leads to the first step")
    show.press("ArrowLeft", 1)
    show.until("document.activeElement === document.body", "the figure gives the keys back when its slide has gone")
    show.press("ArrowRight", 2)
    forward.focus()
    show.page.keyboard.press("Escape")
    show.until("Reveal.isOverview()", "Escape in a figure opens the overview")


def a_transparent_figure_shows_its_slide(show: Show) -> None:
    """through a transparent figure its slide's background is seen, and through no other"""
    show.ready("steered", "clear")
    show.go(3)
    show.at_rest()
    for place in ((4, 4), (795, 4), (4, 445), (400, 446)):
        hold(show.colour("clear", place), (200, 220, 180), f"the colour of the transparent figure at {place}")
    show.go(2)
    show.at_rest()
    hold(show.colour("steered", (4, 4)), (255, 255, 255), "the colour in a corner of another figure")


OPEN_PLAYER = """() => {
    window.heard = [];
    window.player = new playerjs.Player(frameOf("clear"));
    window.answer = (method) => new Promise((resolve) => player[method](resolve));
    window.count = (name) => heard.filter(([event]) => event === name).length;
    for (const name of ["ready", "play", "pause", "timeupdate", "seeked", "ended", "error"]) {
        player.on(name, (value) => heard.push([name, value]));
    }
}"""


def player_js_drives_a_figure(show: Show) -> None:
    """a client of player.js plays, pauses, seeks and loops a figure, and hears of all of it"""
    page = show.page
    show.ready("clear")
    show.go(3)
    page.evaluate(OPEN_PLAYER)
    show.until("count('ready') === 1", "player.js finds the figure ready")
    hold(page.evaluate("player.supports('method', ['play', 'setCurrentTime', 'setLoop'])"), True, "what it supports")
    show.plays("clear")
    page.evaluate("player.pause()")
    show.until("count('pause') === 1", "player.js hears of a pause")
    hold(page.evaluate("answer('getPaused')"), True, "whether the figure is paused")
    total = show.state("clear")["steps"]
    hold(page.evaluate("answer('getDuration')"), round(total * 0.9, 3), f"the duration of {total} steps")
    page.evaluate("player.setCurrentTime(3.5)")
    show.until("count('seeked') === 1", "player.js hears of a seek")
    hold(page.evaluate("answer('getCurrentTime')"), 3.6, "the time of the step nearest to 3.5 seconds")
    hold(show.state("clear")["step"], 4, "the step nearest to 3.5 seconds")

    page.evaluate("() => { heard.length = 0; player.play(); }")
    show.until("count('timeupdate') > 1", "player.js hears of the time while the figure plays")
    hold(page.evaluate("[count('play'), heard[0][0], answer('getPaused')]")[:2], [1, "play"], "what is heard of play")

    near_the_end = round((total - 1) * 0.9, 3)
    page.evaluate("(time) => { player.setLoop(true); player.setCurrentTime(time); }", near_the_end)
    hold(page.evaluate("answer('getLoop')"), True, "whether the figure loops when told to")
    page.evaluate("() => { heard.length = 0; player.play(); }")
    again = "heard.some(([name, value]) => name === 'timeupdate' && value.seconds < 3)"
    show.until(again, "a figure that loops begins again")
    hold(page.evaluate("count('ended')"), 0, "how often a figure ends that loops")

    page.evaluate("(time) => { player.setLoop(false); player.setCurrentTime(time); }", near_the_end)
    hold(page.evaluate("answer('getLoop')"), False, "whether the figure loops when told not to")
    page.evaluate("() => { heard.length = 0; player.play(); }")
    show.until("count('ended') === 1", "player.js hears of the end")
    told = page.evaluate("heard.filter(([name]) => name !== 'timeupdate').map(([name]) => name)")
    hold(told, ["play", "pause", "ended"], "what is heard up to the end, but for the time")

    page.evaluate("() => { player.off('timeupdate'); heard.length = 0; player.setCurrentTime(0); }")
    show.until("count('seeked') === 1", "player.js hears of a seek to the start")
    hold(page.evaluate("count('timeupdate')"), 0, "how often the time is told to a client that no longer wants it")
    hold(page.evaluate("count('error')"), 0, "how many errors player.js hears of")


CLAIMS = (
    keys_turn_slides,
    only_the_figure_on_show_plays,
    both_ways_of_loading_work,
    a_figure_plays_that_is_late,
    figures_are_found_as_they_were_left,
    a_button_sets_stride_2,
    keys_are_let_go_at_the_ends,
    a_transparent_figure_shows_its_slide,
    player_js_drives_a_figure,
)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
