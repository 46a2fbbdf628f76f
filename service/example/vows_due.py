"""Promises of Hillside that fell due: kept, partly kept, broken, disputed, not checked yet, and late."""

from service.example.vows import MEETING, NEAR, SAFE, TOLD, WARM, About, Made, S, Step, Vow

DUE = {
    # ---- kept, each checked by somebody else ----
    "bench": Vow(
        "We will put a bench with arms at the turning on the hill, by {due}.",
        "A bench halfway up the hill",
        "A person who uses a stick has sat on it and got up again by themselves.",
        Made("council", 128, 80),
        (
            Step(110, "council", S.UNDER_WAY, "The place is chosen, and the bench is ordered."),
            Step(84, "council", S.CLAIMED_KEPT, "The bench is in.", "Photograph with the day on it, on the notice board at the hub."),
            Step(77, "neighbours", S.KEPT, "Three of us sat on it. It holds, and the arms are the right height."),
        ),
        About("hill-road", None, TOLD, SAFE),
    ),
    "clinic": Vow(
        "The clinic will stay open on Saturday mornings, from nine to one, until {due} at least.",
        "The clinic on Saturday mornings",
        "Nobody found the door shut on a Saturday, apart from public holidays.",
        Made("nhs", 176, 40),
        (
            Step(140, "nhs", S.UNDER_WAY, "Seven Saturdays so far, all open."),
            Step(39, "nhs", S.CLAIMED_KEPT, "Open on every Saturday that was promised.", "The sheet of hours from the front desk."),
            Step(30, "hub", S.KEPT, "We sent somebody along on six of them without saying so. It was open each time."),
        ),
        About(None, None, MEETING, NEAR),
    ),
    "times": Vow(
        "We will put up the right opening times at the hub, and hang out a note the evening before we have to shut, from {due} on.",
        "Opening times that are true",
        "Two months without anybody before a shut door.",
        Made("hub", 150, 120),
        (
            Step(121, "hub", None, "The sign is up."),
            Step(100, "hub", S.CLAIMED_KEPT, "A note has hung out each time.", "The book by the door, day by day."),
            Step(58, "council", S.KEPT, "No complaint in two months, and the sign is right."),
        ),
        About("hill-road", None, TOLD, None),
    ),
    "lamps": Vow(
        "We will mend every lamp on the cut through behind the flats by {due}.",
        "Lamps behind the flats",
        "Every lamp is on, on two evenings a week apart.",
        Made("council", 160, 105),
        (
            Step(141, "council", S.UNDER_WAY, "Five of nine lamps are mended."),
            Step(108, "council", S.CLAIMED_KEPT, "All nine work.", "The firm's list, lamp by lamp."),
            Step(99, "neighbours", S.KEPT, "We walked it on two Fridays. All nine were on."),
        ),
        About("linden", None, TOLD, SAFE),
    ),
    "texts": Vow(
        "From {due} we will send a text on the morning of every repair visit.",
        "A text before each repair",
        "Nine of ten people who had a repair say that they got the text.",
        Made("council", 118, 60),
        (
            Step(90, "council", S.STALLED, "The firm's phones cannot send texts.", None, "The new ones come next month."),
            Step(70, "council", S.UNDER_WAY, "The phones are here, and the texts go out in Linden."),
            Step(58, "council", S.CLAIMED_KEPT, "Texts go out everywhere.", "Counted by the firm over two weeks: 211 visits, 204 texts."),
            Step(44, "hub", S.KEPT, "We asked thirty people at the counter. Twenty eight had one."),
        ),
        About(None, None, TOLD, WARM),
    ),
    "evening": Vow(
        "One meeting in three will begin at half past six in the evening, with soup and somebody to mind the children, starting by {due}.",
        "Meetings in the evening",
        "Two of six meetings were in the evening, with soup and a crèche.",
        Made("council", 175, 130),
        (
            Step(131, "council", S.CLAIMED_KEPT, "The first evening was last week. Twenty three people came."),
            Step(92, "neighbours", S.KEPT, "Two of six now, and the soup was good."),
        ),
        About(None, None, MEETING, None),
    ),
    "letters": Vow(
        "By {due} the letter about the rent will be one page long and tried out on ten tenants first.",
        "A rent letter of one page",
        "Ten tenants could say what they owe and by when after reading it once.",
        Made("council", 145, 75),
        (
            Step(112, "council", S.UNDER_WAY, "The third try is with the tenants."),
            Step(79, "council", S.CLAIMED_KEPT, "It is one page.", "The letter, and what the ten said."),
            Step(66, "hub", S.KEPT, "We asked ten others. All ten understood it, one on the second reading."),
        ),
        About(None, None, TOLD, WARM),
    ),
    "ramp-bell": Vow(
        "Until there is a new ramp, somebody comes to the side door within two minutes of the bell, from {due}.",
        "A bell at the side door",
        "Ten rings, ten times within two minutes.",
        Made("hub", 98, 85),
        (
            Step(84, "hub", S.UNDER_WAY, "The bell is in, and everybody on shift has it in their pocket."),
            Step(50, "neighbours", None, "One of us waited nine minutes on a Thursday."),
            Step(46, "hub", None, "It was the lunch hour. The cook has a bell as well now."),
            Step(25, "hub", S.CLAIMED_KEPT, "Every ring was answered in time this month."),
            Step(18, "nhs", S.KEPT, "Ten rings on ten days, the longest was a minute and a half."),
        ),
        About("hill-road", None, TOLD, NEAR),
    ),
    # ---- partly, broken, disputed, claimed ----
    "windows": Vow(
        "We will put new windows into the sixty coldest homes by {due}.",
        "New windows for sixty homes",
        "Sixty homes have them, and the people who live there say that they shut.",
        Made("council", 170, 35),
        (
            Step(120, "council", S.UNDER_WAY, "Twenty two homes are done."),
            Step(37, "council", S.CLAIMED_KEPT, "Sixty homes are done.", "The fitter's bills."),
            Step(30, "neighbours", S.DISPUTED, "Eleven of the sixty still have tape round the frame. We knocked on every door."),
            Step(20, "council", S.PARTLY_KEPT, "We went round again. Eleven are being done anew, at the fitter's cost."),
            Step(
                16,
                "hub",
                S.PARTLY_KEPT,
                "We looked at all sixty: forty nine shut, eleven do not.",
                "A list of the sixty, window by window.",
            ),
        ),
        About("linden", None, MEETING, WARM),
    ),
    "nurses": Vow(
        "Two nurses will be at the hub every Tuesday from {due}.",
        "Two nurses at the hub on Tuesdays",
        "Two nurses, eight Tuesdays running.",
        Made("nhs", 155, 95),
        (
            Step(94, "nhs", S.CLAIMED_KEPT, "They began this week."),
            Step(70, "hub", S.DISPUTED, "On five of eight Tuesdays there was one."),
            Step(61, "neighbours", S.PARTLY_KEPT, "One comes every week. Two is rare."),
            Step(55, "hub", S.PARTLY_KEPT, "We agree: half of what was said."),
        ),
        About("hill-road", None, MEETING, NEAR),
    ),
    "field": Vow(
        "The goal posts will be back on the field by {due}.",
        "Goal posts on the field",
        "A game was played on it.",
        Made("council", 140, 70),
        (
            Step(100, "council", S.STALLED, "The field floods, and the posts may not go in yet.", None, "The drain comes first."),
            Step(
                62,
                "council",
                S.BROKEN,
                "We did not do it, and will not before the spring.",
                None,
                "The drain cost what the posts should have cost.",
            ),
        ),
        About("top-fields", None, TOLD, None),
    ),
    "carers": Vow(
        "From {due} nobody will have more than three carers in a month.",
        "No more than three carers a month",
        "The firm's lists and a call to twenty families say the same.",
        Made("nhs", 130, 45),
        (
            Step(95, "nhs", S.UNDER_WAY, "The new lists are made, and most families have two names."),
            Step(43, "nhs", S.CLAIMED_KEPT, "Nobody had more than three last month.", "The firm's lists."),
            Step(33, "neighbours", S.DISPUTED, "Four families in Linden had five or six."),
            Step(12, "hub", S.BROKEN, "Of twenty families whom we rang, seven had more than three."),
        ),
        About(None, None, MEETING, NEAR),
    ),
    "ringing": Vow(
        "By {due} everybody who leaves a number will be rung back within two working days.",
        "Rung back within two days",
        "Of fifty calls picked by somebody else, forty five were rung back in time.",
        Made("council", 110, 21),
        (
            Step(60, "council", S.UNDER_WAY, "Two people do nothing else in the mornings."),
            Step(19, "council", S.CLAIMED_KEPT, "We ring back within two days.", "Our own count of last month: 93 of 100."),
        ),
        About(None, None, TOLD, NEAR),
    ),
    "crossing": Vow(
        "The crossing by the school will have lights that work by {due}.",
        "Lights at the school crossing",
        "A child with a stick gets across on one green.",
        Made("council", 100, 13),
        (
            Step(70, "council", S.UNDER_WAY, "The poles are up."),
            Step(12, "council", S.CLAIMED_KEPT, "The lights are on.", "Switched on by the firm on Monday."),
        ),
        About("hill-road", None, TOLD, SAFE),
    ),
    # ---- late ----
    "slabs": Vow(
        "We will lay the slabs outside the chapel again, level with the kerb, by {due}.",
        "Level slabs outside the chapel",
        "A walking frame rolls over them without catching.",
        Made("council", 88, 26),
        (Step(60, "council", None, "The tree officer has to look at the roots first."),),
        About("hill-road", None, TOLD, SAFE),
    ),
    "desk": Vow(
        "By {due} people can ask for an appointment on paper at the desk, all day.",
        "Ask for an appointment on paper",
        "The slips are on the desk, and ten people who used one had a call the same day.",
        Made("nhs", 95, 14),
        (
            Step(52, "nhs", S.UNDER_WAY, "The slips are printed. The desk tries them in the afternoons."),
            Step(
                28, "nhs", S.STALLED, "The slips pile up.", None, "The person who rings people back has left, and the post is not filled."
            ),
        ),
        About(None, None, TOLD, NEAR),
    ),
}
"""Promises that fell due."""
