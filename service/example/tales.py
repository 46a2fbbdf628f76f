"""The stories of Hillside: how it went, told by those to whom it happened. All of them are invented, and nobody is named.

Days are counted back from the day on which the example is made. No story is about Marsh End or Top Fields: that is what is missing.
"""

from dataclasses import dataclass

from service.feedback.models import Capturer
from service.narratives.models import Kind, StoryState

C, K, S = Capturer, Kind, StoryState


@dataclass(frozen=True, slots=True)
class Told:
    """How it went, who told it, and what it is called."""

    kind: Kind
    teller: Capturer
    title: str


@dataclass(frozen=True, slots=True)
class Came:
    """When it was told, where it ended up, and what it is about: a promise by its name, an indicator by its code."""

    ago: int
    ends: StoryState
    tags: tuple[str, ...] = ()
    area: str | None = None
    promise: str | None = None
    indicator: str | None = None
    barrier: str | None = None


@dataclass(frozen=True, slots=True)
class Tale:
    """A story. `holds` is the last day of the teller's yes to public words, counted back; None: nobody was asked."""

    told: Told
    body: str
    came: Came
    language: str = "en"
    holds: int | None = -300
    meant: tuple[str, float] | None = None
    """What mattered most to the teller, and who had the say, from 0 (me) to 1 (them). None: nobody asked."""


MATTERED = {
    "heard": {"being-heard": 1.0, "getting-things-done": 0.0, "feeling-safe": 0.0},
    "done": {"being-heard": 0.0, "getting-things-done": 1.0, "feeling-safe": 0.0},
    "safe": {"being-heard": 0.0, "getting-things-done": 0.0, "feeling-safe": 1.0},
    "between": {"being-heard": 0.5, "getting-things-done": 0.5, "feeling-safe": 0.0},
    "middle": {"being-heard": 0.34, "getting-things-done": 0.33, "feeling-safe": 0.33},
}
"""Where a teller puts a story between three corners."""

PUBLIC, PARTNERS = S.SHARED_PUBLIC, S.SHARED_PARTNERS

TALES = (
    Tale(
        Told(K.WORKED, C.RESIDENT, "The bench"),
        "I had not been to the shop by myself since the winter. It is the hill. Now I get as far as the bench, I sit, I look at the "
        "gardens, and then I do the second half. The girl at the till said she thought I had moved away.",
        Came(60, PUBLIC, ("getting-about", "small-things"), "hill-road", "bench"),
        meant=("done", 0.5),
    ),
    Tale(
        Told(K.DID_NOT_WORK, C.RESIDENT, "Four desks"),
        "I went to the counter with the letter. They sent me to the housing office, and the office sent me to the phone, and the phone "
        "told me to go to the counter. I sat down on the step and cried, and then I went home.",
        Came(98, PUBLIC, ("passed-on", "ring-me-back"), "linden", "ringing", "answered-in-two-days"),
        meant=("heard", 1.0),
    ),
    Tale(
        Told(K.MIXED, C.FRONTLINE, "A bed in two days"),
        "We got him the bed in two days because I used to work with the woman who orders them. For the next one it took five weeks. "
        "The rule says a form goes first. Nobody could show me where that is written.",
        Came(84, PUBLIC, ("who-you-know", "rules"), None, None, None, "A form that has to go first, and nobody knows why"),
    ),
    Tale(
        Told(K.SURPRISE, C.COMMUNITY_REPORTER, "They came for the soup"),
        "I asked eleven people at the evening meeting why they came. Two said the plans. Nine said the soup. By the end all eleven had "
        "something to say about the plans.",
        Came(100, PUBLIC, ("being-asked", "food"), "linden", "evening"),
        meant=("heard", 0.25),
    ),
    Tale(
        Told(K.WORKED, C.RESIDENT, "She rang back"),
        "Nothing was mended that day. But she rang at four, as she had said, and told me what would happen next and when. I slept.",
        Came(42, PUBLIC, ("ring-me-back",), "linden", "ringing", "answered-in-two-days"),
        meant=("heard", 0.75),
    ),
    Tale(
        Told(K.DID_NOT_WORK, C.RESIDENT, "The tape on the window"),
        "They fitted the window on a Tuesday and by the weekend there was wind through it. I put tape round it. When the man came to "
        "tick it off he looked at the tape and ticked it off.",
        Came(31, PUBLIC, ("homes", "who-checks"), "linden", "windows", "warm-enough"),
        meant=("done", 1.0),
    ),
    Tale(
        Told(K.WORKED, C.FRONTLINE, "One sheet"),
        "First time this year that I did not have to ask somebody to tell it all again. The sheet from the clinic was there, with her "
        "yes on it. We had half an hour left for what she came for.",
        Came(50, PUBLIC, ("tell-it-once",), "hill-road"),
    ),
    Tale(
        Told(K.MIXED, C.COMMUNITY_REPORTER, "The clinic on Saturday"),
        "Six of the seven people I talked to would not have come on a weekday. The seventh had come on a Saturday, and the one she "
        "needed to see works on weekdays.",
        Came(72, PUBLIC, ("clinic",), "hill-road", "clinic", "clinic-visits"),
        meant=("middle", 0.5),
    ),
    Tale(
        Told(K.WORKED, C.RESIDENT, "A no with a reason"),
        "I asked for the big room on Fridays. They said no, and whom they had asked, and until when. I was cross for a day. Then I asked "
        "for Mondays.",
        Came(95, PUBLIC, ("honest-no", "young-people"), "hill-road"),
        meant=("heard", 0.75),
    ),
    Tale(
        Told(K.DID_NOT_WORK, C.PARTNER_ORG, "Nobody picks up at night"),
        "We gave the night number to thirty people because it is on the poster. Five rang. One got an answer. We have taken the poster "
        "down at our place.",
        Came(38, PUBLIC, ("night", "phones"), None, "night", "night-calls"),
    ),
    Tale(
        Told(K.SURPRISE, C.FRONTLINE, "The toaster"),
        "He came to the mending evening with a toaster and stayed for the form he had been carrying round for three months. The toaster "
        "was fine. It only needed emptying.",
        Came(66, PUBLIC, ("small-things", "forms"), "hill-road"),
    ),
    Tale(
        Told(K.WORKED, C.RESIDENT, "Yn fy iaith fy hun"),
        "Roedd fy mam yn dawel trwy'r wythnos yn yr ysbyty. Yna daeth nyrs a siarad Cymraeg gyda hi, ac fe wenodd.",
        Came(90, PUBLIC, ("language",), "hill-road"),
        meant=("heard", 0.5),
        language="cy",
    ),
    Tale(
        Told(K.MIXED, C.RESIDENT, "خط"),
        "خط انگریزی میں آیا اور میں سمجھ نہیں سکی۔ مرکز میں ایک خاتون نے میرے ساتھ بیٹھ کر پڑھا۔ اب میں ہر بدھ کو جاتی ہوں۔",
        Came(58, PUBLIC, ("language", "forms"), "linden"),
        meant=("between", 0.25),
        language="ur",
    ),
    Tale(
        Told(K.DID_NOT_WORK, C.COORDINATOR, "We counted the wrong thing"),
        "We were proud of how fast we closed repairs. Then a tenant showed us her three closed repairs and the one tap that still drips. "
        "We had counted visits.",
        Came(110, PUBLIC, ("counting", "homes"), None, None, "repairs-in-time"),
    ),
    Tale(
        Told(K.WORKED, C.RESIDENT, "Still in our home"),
        "I opened the letter at the hub because I could not open it alone. They rang the office while I sat there. It took a quarter of an "
        "hour and we are still in our home.",
        Came(76, PUBLIC, ("homes", "rent"), "linden", None, "still-at-home"),
        meant=("safe", 0.5),
    ),
    Tale(
        Told(K.MIXED, C.FRONTLINE, "Two weeks without a carer list"),
        "The new lists help when they are there. In the two weeks when they were not, I met three strangers in one kitchen, all sent to "
        "the same person.",
        Came(40, PUBLIC, ("carers",), "linden", "carers"),
    ),
    Tale(
        Told(K.WORKED, C.COMMUNITY_REPORTER, "Ten rings"),
        "I rang the bell at the side door ten times on ten days, as anybody might. Somebody came each time. On the ninth day he said: "
        "you again.",
        Came(19, PUBLIC, ("getting-about",), "hill-road", "ramp-bell"),
        meant=("done", 0.25),
    ),
    Tale(
        Told(K.DID_NOT_WORK, C.RESIDENT, "Fell at the chapel"),
        "The slab tipped and I went down on my hands. Two people helped me up and both had a story about the same slab.",
        Came(24, PUBLIC, ("getting-about", "falls"), "hill-road", "slabs", "falls"),
        meant=("safe", 1.0),
    ),
    # ---- for partners, or kept by the team ----
    Tale(
        Told(K.MIXED, C.FRONTLINE, "What it takes to share a name"),
        "It took four signatures from three organisations to tell the school nurse what the family had asked us to tell her.",
        Came(81, PARTNERS, ("rules", "tell-it-once"), None, None, None, "Four signatures for one piece of news"),
        holds=None,
    ),
    Tale(
        Told(K.DID_NOT_WORK, C.COORDINATOR, "The meeting that decided nothing"),
        "Seven organisations, two hours, and the person who could have said yes was not asked to come.",
        Came(54, PARTNERS, ("deciding",)),
        holds=None,
    ),
    Tale(
        Told(K.SURPRISE, C.PARTNER_ORG, "The key under the pot"),
        "The neighbour had had a key all along, and was never asked. We were about to order a new lock.",
        Came(47, PARTNERS, ("small-things",), "linden"),
        holds=None,
    ),
    Tale(
        Told(K.DID_NOT_WORK, C.FRONTLINE, "A hard week"),
        "I said the wrong thing to somebody who was frightened. We talked it over in the team, and I wrote it down so that I remember.",
        Came(70, S.KEPT_PRIVATE, ("learning",), "hill-road"),
        holds=None,
    ),
    Tale(
        Told(K.MIXED, C.RESIDENT, "Too close to home"),
        "It is my sister's story as much as mine, so I would rather that you keep it.",
        Came(92, S.KEPT_PRIVATE, ("carers",), "linden"),
        holds=None,
    ),
    # ---- a yes that has ended, a pause, and words taken back ----
    Tale(
        Told(K.WORKED, C.RESIDENT, "My first winter here"),
        "Somebody at the hub showed me how the meter works and which bus goes where. I show others now.",
        Came(150, PUBLIC, ("warm", "newcomers"), "hill-road"),
        meant=("between", 0.25),
        holds=28,
    ),
    Tale(
        Told(K.MIXED, C.COMMUNITY_REPORTER, "What the stair said"),
        "On our stair five say it is better and three say it is not. The three live at the top.",
        Came(45, S.PAUSED, ("homes",), "linden", "stairs"),
        meant=("done", 0.75),
    ),
    Tale(
        Told(K.DID_NOT_WORK, C.RESIDENT, "Words that were taken back"),
        "I told you this when I was angry.",
        Came(88, S.WITHDRAWN, ("phones",), "linden"),
        meant=("heard", 1.0),
    ),
    # ---- on the desk ----
    Tale(
        Told(K.SURPRISE, C.FRONTLINE, "The quiet hour"),
        "We turned the radio off between two and three, and people came who had never been in.",
        Came(9, S.CHECKING, ("small-things",), "hill-road"),
    ),
    Tale(
        Told(K.WORKED, C.RESIDENT, "A text in the morning"),
        "The text came at seven: between nine and eleven. He was there at ten past nine.",
        Came(6, S.CHECKING, ("homes",), "linden", "texts"),
        meant=("done", 0.5),
    ),
    Tale(
        Told(K.DID_NOT_WORK, C.FRONTLINE, "The slips"),
        "There are forty slips in the box and nobody whose work it is to ring.",
        Came(4, S.SUBMITTED, ("clinic", "phones"), "hill-road", "desk", barrier="The desk may not ring mobile phones"),
        holds=None,
    ),
    Tale(
        Told(K.MIXED, C.COMMUNITY_REPORTER, "At the school gate"),
        "I stood there for a week. It is better on the days with a warden, and worse on the days without.",
        Came(2, S.SUBMITTED, ("getting-about",), "linden"),
        meant=("safe", 0.75),
    ),
)
