"""The tests. `make test` runs them all; `.venv/bin/python -m pytest tests/feedback` some.

conftest.py     what every test may ask for: a database on SQLite and on PostgreSQL, a clock, the service, people with a story
make.py         builders, by the real actions: a test names everything it depends on
databases.py    where the databases come from
<feature>/      rules without a database; actions and queries with one; pages and API over HTTP
house/          the rules of the house, each shown something broken
journey/        whole stories in a browser                       faults/, bench/     what happens under force and load
"""
