"""What people in Hillside say about paths and roads, in the shape of words.py."""

from service.example.words import A, Answer, K, Matter, N

PATHS = (
    Matter(
        "paths",
        K.NOT_GOOD,
        (
            "Three lamps are out behind the flats. I take the long way round after work now.",
            "It is pitch dark between the garages and the shop.",
            "lights out again on the cut through, third week.",
        ),
        ("My daughter walks there at five.", "You can see it from the bus stop: everything past the bend is black."),
        (
            Answer(A.DONE, "All the lamps on the cut through work again. We put in new bulbs on two evenings and walked it after dark."),
            Answer(
                A.PASSED_ON,
                "These lamps belong to the landlord of the garages. We have sent them your words and the numbers of the lamps.",
                "The council does not own the land that the lamps stand on.",
            ),
        ),
    ),
    Matter(
        "paths",
        K.NOT_GOOD,
        (
            "The pavement by the chapel has lifted and my walking frame catches on it.",
            "Tree roots have pushed up the slabs by the chapel. I saw a man go over.",
            "Could somebody look at the slabs outside the chapel? They rock.",
        ),
        ("I have stopped going that way.", "It is worst at the kerb."),
        (
            Answer(
                A.WILL_DO, "You are right, and we should have seen it. We will lay the slabs again, level with the kerb.", None, "slabs"
            ),
            Answer(A.ALREADY_DOING, "The slabs are on the list for this month. There is tape round the worst of them until then."),
            Answer(A.DONE, "The slabs are level again. The tree stays: we cut one root, and the tree officer says it will live."),
        ),
        area="hill-road",
    ),
    Matter(
        "paths",
        K.NOT_GOOD,
        (
            "Cars park on the crossing outside the school every single morning.",
            "Nobody can see round the parked cars at the school gate.",
            "We had a near miss at the school crossing today.",
        ),
        ("It is always between half past eight and nine.", "The parents know it is wrong and do it anyway."),
        (
            Answer(A.DONE, "The school and two wardens now stand there on Monday and Thursday mornings. Eleven cars were moved on so far."),
            Answer(
                A.CANNOT_DO,
                "We cannot put up a camera at the gate.",
                "Only the county may fine drivers by camera, and it has agreed to six schools this year. Yours was not one of them.",
                no_kind=N.NOT_OURS,
            ),
        ),
        area="top-fields",
    ),
    Matter(
        "paths",
        K.IDEA,
        (
            "A bench halfway up the hill would mean I can get to the shop on my own.",
            "Could we have somewhere to sit on the hill? Even a low wall.",
            "There used to be a seat at the turning. Put it back, please.",
        ),
        ("I would ask for arms on it, to push up.", "My neighbours would use it too, I asked them."),
        (
            Answer(A.WILL_DO, "We will put a bench with arms at the turning. Thank you for saying where.", None, "bench"),
            Answer(A.DONE, "There is a bench at the turning now. It has arms."),
        ),
        area="hill-road",
    ),
    Matter(
        "paths",
        K.GOOD,
        (
            "Whoever cleared the steps after the storm, thank you.",
            "The steps to the bus are swept now. It makes a difference.",
            "I can push the pram down to the stop without carrying it. That is new.",
        ),
        ("I had nearly given up on asking.",),
        (Answer(A.THANK_YOU, "We read this to the two people who did it. They were very pleased."),),
    ),
    Matter(
        "paths",
        K.NOT_GOOD,
        (
            "The drain at the bottom of the road floods every time it rains.",
            "We get a pond outside number twelve after every storm.",
            "Water stands on the corner for days.",
        ),
        ("The bus splashes everybody at the stop.", "It came up to the doorstep in the spring."),
        (
            Answer(A.DONE, "The drain was full of gravel. It is clear, and we will look again after the next heavy rain."),
            Answer(
                A.PASSED_ON,
                "This drain is the water company's. We gave them your report and asked for a date.",
                "The pipe under this road belongs to the water company, and only they may open it.",
            ),
            Answer(A.NEED_MORE, "There are two drains on that corner. Can you tell us on which side of the road the water stands?"),
        ),
    ),
    Matter(
        "paths",
        K.QUESTION,
        (
            "When will the footbridge open again?",
            "Is the footbridge ever coming back? The sign says spring.",
            "What is happening with the bridge over the brook?",
        ),
        ("It adds twenty minutes to my walk to work.",),
        (
            Answer(
                A.ALREADY_DOING,
                "The new beams are made and wait for the river to go down. We put the date on the sign as soon as we have it.",
            ),
            Answer(A.NEED_MORE, "Do you mean the bridge by the allotments or the one at the mill? They have different dates."),
        ),
        area="linden",
    ),
)

GREEN = (
    Matter(
        "paths",
        K.NOT_GOOD,
        (
            "Glass all over the play park. We cleared what we could.",
            "The swing has been tied up with tape since August.",
            "Dogs run loose where the little ones play.",
            "The gate of the play park does not shut.",
        ),
        ("Somebody will get hurt.", "It is the only one we can walk to."),
        (
            Answer(A.DONE, "Two of us came the same week. The swing is back, the gate shuts, and the glass is gone."),
            Answer(A.THANK_YOU, "Thank you. If you ring the number on the gate, somebody comes within a day."),
        ),
    ),
    Matter(
        "paths",
        K.NOT_GOOD,
        (
            "Mattresses dumped by the garages again.",
            "Someone keeps tipping builders' waste by the allotments.",
            "A sofa has been on the verge for a month. There are mushrooms on it.",
            "Black bags in the hedge all along the lane.",
        ),
        ("It draws more of the same.", "I have photos if you want them."),
        (
            Answer(A.DONE, "It is cleared. There is a light there now, and we will see whether it helps."),
            Answer(A.NEED_MORE, "We drove past and did not find it. Which side of the road, and near which number?"),
            Answer(
                A.CANNOT_DO,
                "We cannot clear this one.",
                "It lies on a farmer's field. We wrote to him, and he has until the end of the month.",
                no_kind=N.NOT_OURS,
            ),
        ),
    ),
    Matter(
        "paths",
        K.IDEA,
        (
            "Leave the verge to grow. There were bees.",
            "Put the notice board where people wait, not where they park.",
            "A handrail on the steps would cost less than one fall.",
            "Fruit trees instead of the dead hedge.",
        ),
        ("I would help.", "It would cost next to nothing."),
        (
            Answer(A.DONE, "Done, and it cost less than we feared. Thank you for the idea."),
            Answer(A.ALREADY_DOING, "This is part of the plan for spring. Come to the walk round on the first Saturday of the month."),
        ),
    ),
)
