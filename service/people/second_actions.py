"""Setting the second step up, and taking it."""

from datetime import datetime

from sqlalchemy import delete, update
from sqlmodel import col, select

from service.database import WriteSession
from service.errors import Conflict, NotFound, TooMany
from service.journal.actions import Actor, record
from service.language import _
from service.people import rules
from service.people.models import AuthenticatorApp, Passkey, RecoveryCode, SignedIn, StaffSession
from service.people.queries import find_staff
from service.people.second import find_app, keep_one, matching_code, may_change, means_of, new_secret, read_code, secret_of, step_of
from service.server_keys import ServerKeys


def prove_session(writes: WriteSession, person: SignedIn, now: datetime) -> None:
    """Remembers that in this session somebody has shown twice who they are."""
    session = writes.get_one(StaffSession, person.session_id)
    session.proven_at = now
    writes.add(session)
    writes.flush()
    record(writes, person.actor, "proven", "staff_session", session.id, at=now)


def begin_app(writes: WriteSession, keys: ServerKeys, person: SignedIn, now: datetime) -> None:
    """Makes a secret for a person's app, which counts when the app has shown a first code.

    Raises: NotFound for who is no administrator, NeedsSecondStep half-way with something set up already, Conflict for a second app.
    """
    if not person.is_admin:
        raise NotFound
    may_change(person, means_of(writes, person.staff_id))
    app = find_app(writes, person.staff_id)
    if app is not None and app.confirmed_at is not None:
        raise Conflict(_("You have an app already. Remove it first."))
    if app is None:
        app = AuthenticatorApp(staff_id=person.staff_id, sealed="", key_version=keys.current.version, added_at=now)
    app.sealed, app.key_version, app.added_at = keys.current.apps.encrypt(new_secret().encode()).decode(), keys.current.version, now
    writes.add(app)
    writes.flush()
    record(writes, person.actor, "begun", "authenticator_app", app.id, at=now)


def confirm_app(writes: WriteSession, keys: ServerKeys, person: SignedIn, typed: str, now: datetime) -> bool:
    """Takes the first code of a new app, and makes ten recovery codes; answers whether the code was right.

    Raises: NotFound where no app waits for it, NeedsSecondStep, TooMany.
    """
    may_change(person, means_of(writes, person.staff_id))
    app = _locked(writes, person, confirmed=False)
    if not _shows(writes, keys, person, app, read_code(typed), now):
        return False
    app.confirmed_at = now
    writes.add(app)
    writes.flush()
    record(writes, person.actor, "added", "authenticator_app", app.id, at=now)
    _make_codes(writes, keys, person, now)
    if not person.is_proven:
        prove_session(writes, person, now)
    return True


def show_code(writes: WriteSession, keys: ServerKeys, person: SignedIn, typed: str, now: datetime) -> bool:
    """Takes the second step with a code of the app, or with a recovery code, each once; answers whether it was right.

    Raises: NotFound where there is no app, TooMany after too many wrong ones: then one waits, and is not locked out.
    """
    app = _locked(writes, person, confirmed=True)
    code = read_code(typed)
    if len(code) > 6:
        if not _recovers(writes, keys, person, app, code, now):
            return False
    elif not _shows(writes, keys, person, app, code, now):
        return False
    prove_session(writes, person, now)
    return True


def renew_codes(writes: WriteSession, keys: ServerKeys, person: SignedIn, now: datetime) -> None:
    """Ten new recovery codes; the old ones open nothing any more. Raises: NotFound where there is no app."""
    _locked(writes, person, confirmed=True)
    _make_codes(writes, keys, person, now)


def put_codes_away(writes: WriteSession, person: SignedIn, now: datetime) -> None:
    """Their owner has the fresh codes: they are not shown again. Not an act: nothing is opened or closed by it."""
    unseen = col(RecoveryCode.staff_id) == person.staff_id, col(RecoveryCode.seen_at).is_(None)
    writes.execute(update(RecoveryCode).where(*unseen).values(seen_at=now))


def remove_app(writes: WriteSession, person: SignedIn, now: datetime) -> None:
    """Forgets a person's app and its recovery codes. Raises: NotFound, Conflict for an administrator's only second step."""
    app = _locked(writes, person, confirmed=True)
    keep_one(person, means_of(writes, person.staff_id))
    writes.execute(delete(RecoveryCode).where(col(RecoveryCode.staff_id) == person.staff_id))
    writes.delete(app)
    writes.flush()
    record(writes, person.actor, "removed", "authenticator_app", app.id, at=now)


def forget_second_step(writes: WriteSession, actor: Actor, email: str, now: datetime) -> None:
    """For who has lost everything: the next sign-in with a link sets it up anew. Every session ends. Raises: NotFound."""
    staff = find_staff(writes, email)
    if staff is None:
        raise NotFound(_("There is nobody with this address."))
    for table in (Passkey, AuthenticatorApp, RecoveryCode):
        writes.execute(delete(table).where(col(table.staff_id) == staff.id))
    live = col(StaffSession.staff_id) == staff.id, col(StaffSession.ended_at).is_(None)
    writes.execute(update(StaffSession).where(*live).values(ended_at=now))
    record(writes, actor, "second_step_forgotten", "staff", staff.id, at=now)


def _locked(writes: WriteSession, person: SignedIn, *, confirmed: bool) -> AuthenticatorApp:
    """A person's app, for one try at a time. Raises: NotFound."""
    app = writes.exec(select(AuthenticatorApp).where(AuthenticatorApp.staff_id == person.staff_id).with_for_update()).first()
    if app is None or (app.confirmed_at is not None) != confirmed:
        raise NotFound
    return app


def _shows(writes: WriteSession, keys: ServerKeys, person: SignedIn, app: AuthenticatorApp, code: str, now: datetime) -> bool:
    _must_wait(app, now)
    step = step_of(secret_of(keys, app), code, now)
    if step is None or (app.last_step is not None and step <= app.last_step):
        _mistyped(writes, person, app, now)
        return False
    app.last_step, app.wrong, app.wait_until = step, 0, None
    writes.add(app)
    writes.flush()
    return True


def _recovers(writes: WriteSession, keys: ServerKeys, person: SignedIn, app: AuthenticatorApp, code: str, now: datetime) -> bool:
    _must_wait(app, now)
    row = matching_code(writes, keys, person.staff_id, code)
    if row is None:
        _mistyped(writes, person, app, now)
        return False
    row.used_at, app.wrong, app.wait_until = now, 0, None
    writes.add(row)
    writes.add(app)
    writes.flush()
    record(writes, person.actor, "used", "recovery_code", row.id, at=now)
    return True


def _must_wait(app: AuthenticatorApp, now: datetime) -> None:
    if app.wait_until is not None and now < app.wait_until:
        raise TooMany(int((app.wait_until - now).total_seconds()) + 1)


def _mistyped(writes: WriteSession, person: SignedIn, app: AuthenticatorApp, now: datetime) -> None:
    app.wrong += 1
    wait = rules.wait_after(app.wrong)
    app.wait_until = now + wait if wait else None
    writes.add(app)
    writes.flush()
    record(writes, person.actor, "mistyped", "authenticator_app", app.id, at=now)


def _make_codes(writes: WriteSession, keys: ServerKeys, person: SignedIn, now: datetime) -> None:
    writes.execute(delete(RecoveryCode).where(col(RecoveryCode.staff_id) == person.staff_id))
    for _number in range(rules.RECOVERY_CODES):
        writes.add(RecoveryCode(staff_id=person.staff_id, key_version=keys.current.version, made_at=now))
    writes.flush()
    record(writes, person.actor, "codes_made", "staff", person.staff_id, at=now)
