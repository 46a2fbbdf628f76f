"""What gives answers to many in the server process: a few at a time, so that nobody else's write waits long."""

import asyncio

from service import walls
from service.clock import Clock
from service.database import Database
from service.rounds import Round
from service.themes.giving_actions import give_next, tell_next
from service.themes.giving_queries import is_anything_to_give


class Giver(Round):
    """Gives until it is told to stop. Several processes may each have one: a row is held while its answer is given, and then it has it.

    A step is one transaction: whoever has an answer is noted with it, so after a kill the next step goes on with who is left.
    """

    pause = 2.0

    def __init__(self, database: Database, clock: Clock) -> None:
        super().__init__()
        self.database, self.clock = database, clock

    async def look(self) -> None:
        """Takes step after step, for as long as there is one; between two of them others write."""
        while not self.stopping.is_set() and await self.give():
            pass

    async def give(self) -> bool:
        """Takes the next step; answers whether there was one. It looks after the whole house."""
        with walls.within(walls.WHOLE_HOUSE):
            if not await self.database.reading(is_anything_to_give):
                return False
            async with self.database.writing() as writes:
                return await asyncio.to_thread(lambda: give_next(writes, self.clock()) or tell_next(writes, self.clock()))
