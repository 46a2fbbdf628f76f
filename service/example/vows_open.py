"""Promises of Hillside that were changed or let go, that are not due yet, and those that are the residents' part."""

from service.example.vows import HEADLINE, MEETING, NEAR, SAFE, TOLD, WARM, About, Made, S, Step, Vow

OPEN = {
    # ---- changed and let go ----
    "bus": Vow(
        "There will be a free bus to the hospital from Top Fields on three evenings a week, from {due}.",
        "An evening bus to the hospital",
        "It ran on three evenings in each of four weeks.",
        Made("nhs", 165, 50),
        (
            Step(115, "nhs", S.STALLED, "There is a bus and no driver.", None, "Two people said yes and then no."),
            Step(
                72,
                "coordinator",
                S.CHANGED,
                "Lifts by volunteers take its place. The people at the meeting in Top Fields said that is better than waiting.",
                None,
                "No driver was found in seven weeks.",
                "lifts",
                agreed=True,
            ),
        ),
        About("top-fields", None, MEETING, NEAR),
    ),
    "lifts": Vow(
        "From {due} anybody in Top Fields can have a lift to the hospital in the evening, if they ring by noon.",
        "Lifts to the hospital in the evening",
        "Nobody who rang by noon was left without one, for a month.",
        Made("nhs", 73, -24),
        (Step(35, "nhs", S.UNDER_WAY, "Nine drivers have been checked. The phone number goes up next week."),),
        About("top-fields", None, MEETING, NEAR),
    ),
    "library": Vow(
        "The book van will come to Linden every week, from {due}.",
        "The book van every week",
        "It came in eight weeks of eight.",
        Made("council", 158, 65),
        (
            Step(
                64,
                "council",
                S.CHANGED,
                "It comes every second week, and stays twice as long.",
                None,
                "One van is left of two, and we did not ask you before we changed it.",
                "van",
            ),
        ),
        About("linden", None, MEETING, None),
    ),
    "van": Vow(
        "The book van comes to Linden every second Wednesday, from two to six, until {due}.",
        "The book van every second week",
        "It came on every day that is printed on the card.",
        Made("council", 66, -95),
        (Step(22, "council", S.UNDER_WAY, "Three visits of three."),),
        About("linden", None, "The council's own notice", None),
    ),
    "skate": Vow(
        "We will build a skate ramp on the field by {due}.",
        "A skate ramp",
        "Young people have used it for a month.",
        Made("council", 168, 20),
        (
            Step(
                80,
                "neighbours",
                S.RELEASED,
                "They would rather have lights and a shelter, and told the meeting so.",
                released_by="Top Fields youth group",
            ),
        ),
        About("top-fields", None, MEETING, None),
    ),
    # ---- not due yet ----
    "warm-room": Vow(
        "The warm room will be open every weekday in winter, until {due}, and we will say here when it cannot be.",
        "A warm room every weekday",
        "No weekday on which somebody came and found it shut without a word here.",
        Made("hub", 48, -110),
        (
            Step(36, "hub", S.UNDER_WAY, "It is open. Between nine and thirty people come each day."),
            Step(15, "neighbours", None, "Open on all five days when we looked."),
        ),
        About("hill-road", None, TOLD, WARM),
    ),
    "form": Vow(
        "By {due} the form at the counter will be one page, tried with five people before it is printed.",
        "A form of one page",
        "Five people filled it in without asking for help.",
        Made("hub", 40, -45),
        (),
        About(None, None, TOLD, HEADLINE),
    ),
    "stairs": Vow(
        "We will ask every stair what to mend first, before the spring round of repairs on {due}.",
        "Ask each stair first",
        "There is a list from each stair, and the order of work follows it.",
        Made("council", 54, -130),
        (Step(13, "council", S.UNDER_WAY, "Eleven stairs of thirty have been asked."),),
        About("linden", None, TOLD, WARM),
    ),
    "night": Vow(
        "We will find out who answers the phone at night, and tell you.",
        "Who answers at night",
        "The number on the poster was picked up on ten nights of ten.",
        Made("nhs", 64, None),
        (Step(31, "nhs", S.STALLED, "We cannot say yet.", None, "The night service has sent no numbers since the summer."),),
        About(None, -18, TOLD, NEAR),
    ),
    # ---- your part: never scored, never late ----
    "watering": Vow(
        "We could water the young trees on the hill in dry weeks.",
        "Water the young trees",
        "Somebody waters when it has not rained for a week.",
        Made(None, 172, None),
        (
            Step(150, "coordinator", S.TAKEN_UP, "Six people share it, and a can stands behind the chapel."),
            Step(47, "coordinator", S.DONE, "The trees are through their first summer. All but one live."),
        ),
        About("hill-road", -60, MEETING, SAFE),
    ),
    "knocking": Vow(
        "Could each stair knock on the doors of people who live alone, once a week in winter?",
        "Knock once a week",
        "Each stair has somebody who does.",
        Made(None, 44, None),
        (Step(30, "coordinator", S.TAKEN_UP, "Fourteen stairs have somebody."),),
        About("linden", -120, MEETING, WARM),
    ),
    "choir": Vow(
        "Somebody could begin a singing hour at the hub.",
        "A singing hour",
        "It meets.",
        Made(None, 120, None),
        (
            Step(101, "coordinator", S.TAKEN_UP, "A woman who led a choir will begin it."),
            Step(57, "coordinator", S.PAUSED, "It rests until the new year, and starts again then."),
        ),
        About(None, -40, MEETING, HEADLINE),
    ),
    "lift-rota": Vow(
        "We could lend each other a hand with shopping while the lift is out.",
        "Shopping while the lift is out",
        "Nobody on the upper floors goes without.",
        Made(None, 105, None),
        (
            Step(99, "coordinator", S.TAKEN_UP, "Eight people carried bags for nine days."),
            Step(85, "coordinator", S.LET_GO, "The lift runs, so nobody needs it now."),
        ),
        About("linden", -10, TOLD, WARM),
    ),
    "reporters": Vow(
        "Would somebody in Marsh End gather what people there say? We have heard next to nothing from you.",
        "Somebody who asks in Marsh End",
        "Ten people in Marsh End were asked by somebody whom they know.",
        Made(None, 29, None),
        (),
        About("marsh-end", -75, MEETING, NEAR),
    ),
}
"""Promises that do not count yet, or not as kept or broken."""
