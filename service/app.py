"""create_app(settings): the only module that knows every feature."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette_compress import CompressMiddleware

from service import __version__, documents, offline, operations, problems
from service.accountability import api as account_api
from service.accountability import feed_pages as account_feeds
from service.accountability import package_pages as account_package
from service.accountability import pages as account_pages
from service.accountability import viewer_pages as account_viewers
from service.assets import desk_pages as assets_desk
from service.assets import pages as assets_pages
from service.audit import pages as audit_pages
from service.checks import api as checks_api
from service.checks import desk_pages as checks_desk
from service.checks import pages as checks_pages
from service.clock import Clock, system_clock
from service.database import Database
from service.elsewhere import pages as elsewhere_pages
from service.equality import pages as equality_pages
from service.feedback import answer_pages as feedback_answers
from service.feedback import api as feedback_api
from service.feedback import desk_pages as feedback_desk
from service.feedback import draft_pages as feedback_drafts
from service.feedback import merge_pages as feedback_merges
from service.feedback import pages as feedback_pages
from service.feedback import phone_pages as feedback_phone
from service.feedback import photo_pages as feedback_photos
from service.feedback import poster_pages as feedback_posters
from service.feedback import routing_pages as feedback_routing
from service.feedback import said_pages as feedback_said
from service.feedback import write_down_pages as feedback_write_down
from service.guard import MOST_BODY, Guard
from service.hosting import area_pages as hosting_areas
from service.hosting import helpline_pages as hosting_helplines
from service.hosting import letter_pages as hosting_letters
from service.hosting import organisation_pages as hosting_organisations
from service.hosting import pages as hosting_pages
from service.hosting import threshold_pages as hosting_thresholds
from service.hosting import topic_pages as hosting_topics
from service.html import environment
from service.inbox import pages as inbox_pages
from service.intakes import column_pages as intakes_columns
from service.intakes import pages as intakes_pages
from service.intakes import send_pages as intakes_send
from service.intakes.worker import Bringer
from service.keeping import pages as keeping_pages
from service.keeping import setting_pages as keeping_settings
from service.keeping.worker import Keeper
from service.limits import Allowance, Limits
from service.loop import api as loop_api
from service.loop import desk_pages as loop_desk
from service.loop.letters import news_letter, reminder_letter
from service.loop.worker import Teller
from service.metrics import Metrics
from service.moderation import pages as moderation_pages
from service.moderation import redaction_pages as moderation_redaction
from service.moderation import word_pages as moderation_words
from service.narratives import api as narratives_api
from service.narratives import desk_pages as narratives_desk
from service.narratives import log_pages as narratives_log
from service.notices.letters import push_gone, push_letter
from service.outbox.carriers import Carrier, Carriers
from service.outbox.mail import MailServer
from service.outbox.models import Purpose, Way
from service.outbox.push import Push
from service.outbox.texts import Notify
from service.outbox.worker import Worker
from service.outcomes import api as outcomes_api
from service.page_cache import PageCache
from service.partners import key_pages as partners_keys
from service.partners.open311 import api as open311_api
from service.partners.open311 import update_pages as open311_updates
from service.people import login_pages as people_login
from service.people import pages as people_pages
from service.people import passkey_pages as people_passkeys
from service.people import second_pages as people_second
from service.people import team_pages as people_team
from service.people import you_pages as people_you
from service.people.letters import invitation_letter, sign_in_letter
from service.people.login import Login
from service.photos import desk_pages as photos_desk
from service.photos import pages as photos_pages
from service.photos.worker import Darkroom
from service.places import api as places_api
from service.places import pages as places_pages
from service.promises import api as promises_api
from service.promises import deal_desk_pages as deals_desk
from service.promises import deal_pages
from service.promises import desk_pages as promises_desk
from service.promises import draft_pages as promises_draft
from service.promises import pages as promises_pages
from service.promises import step_pages as promises_steps
from service.results import api as results_api
from service.safeguarding import pages as safeguarding_pages
from service.safeguarding import rota_pages as safeguarding_rota
from service.safeguarding.letters import urgent_letter
from service.safeguarding.worker import Watch
from service.saved_views import pages as saved_views
from service.search import desk_pages as search_desk
from service.search import pages as search_pages
from service.server_keys import ServerKey, open_keys
from service.settings import Settings, listed
from service.signposts import Signposts
from service.static import Static
from service.subjects import desk_pages as subjects_desk
from service.system_health import desk_pages as system_health_desk
from service.tags import Tags
from service.themes import pages as themes_desk
from service.themes import public_pages as themes_public
from service.themes import together_pages as themes_together
from service.themes.worker import Giver
from service.webhooks import pages as webhooks_pages
from service.webhooks.letters import webhook_letter
from service.webhooks.sending import Sender
from service.webhooks.worker import Messenger
from service.wordings import pages as wordings_pages

RUBBISH = (20_000, 10, 10)
"""How often rubbish is looked for, once everything is loaded: seldom, as most requests make no circles."""

KNOWN_FOR = 1.0
"""Seconds that the facts of a place are remembered between two requests."""

ROUTERS = (
    feedback_api.router,  # first, because it is asked most
    feedback_pages.sending,
    loop_api.router,
    operations.router,
    documents.router,
    offline.router,
    places_api.router,
    account_api.router,
    account_package.router,
    narratives_api.router,
    promises_api.router,
    checks_api.router,
    results_api.router,
    outcomes_api.router,
    people_pages.router,
    people_login.router,
    people_passkeys.router,
    people_second.router,
    people_you.router,
    people_team.router,
    inbox_pages.router,
    saved_views.router,
    feedback_desk.router,
    feedback_drafts.router,
    feedback_merges.router,
    feedback_routing.router,
    loop_desk.router,
    moderation_pages.router,
    moderation_redaction.router,
    moderation_words.router,
    safeguarding_pages.router,
    safeguarding_rota.router,
    promises_desk.router,
    promises_draft.router,
    promises_steps.router,
    deals_desk.router,
    assets_desk.router,
    checks_desk.router,
    narratives_log.router,
    narratives_desk.router,
    account_viewers.router,
    hosting_pages.router,
    hosting_areas.router,
    hosting_organisations.router,
    hosting_topics.router,
    hosting_thresholds.router,
    hosting_letters.router,
    hosting_helplines.router,
    keeping_settings.router,
    search_desk.router,
    partners_keys.router,
    open311_api.router,
    open311_updates.router,
    elsewhere_pages.router,
    system_health_desk.router,
    audit_pages.router,
    wordings_pages.router,
    webhooks_pages.router,
    intakes_pages.router,
    intakes_columns.router,
    intakes_send.router,
    themes_desk.router,
    themes_together.router,
    photos_desk.router,
    feedback_write_down.router,
    feedback_posters.router,
    feedback_posters.public,
    feedback_photos.router,
    feedback_pages.router,
    feedback_answers.router,
    photos_pages.router,
    equality_pages.router,
    feedback_phone.router,
    feedback_said.router,
    account_feeds.router,
    search_pages.router,
    promises_pages.router,
    themes_public.router,
    deal_pages.router,
    assets_pages.router,
    checks_pages.router,
    subjects_desk.router,
    keeping_pages.router,
    account_pages.router,
    places_pages.router,
)


def create_app(settings: Settings | None = None, *, clock: Clock | None = None) -> FastAPI:
    """The whole service. Nothing is shared between two of them in one process, except the settings they are given."""
    gc.set_threshold(*RUBBISH)
    settings = settings or Settings()
    static = Static()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.database = database = Database(settings.database, var=settings.var)
        with database.write() as writes:
            app.state.server_keys = open_keys(writes, settings.var / "keys", app.state.clock())
        app.state.bringer = bringer = Bringer(database, settings.var, app.state.clock)
        async with (
            Keeper(database, settings.var, app.state.clock).working(),
            Watch(database, app.state.clock, sends_mail=settings.sends_mail).working(),
            Teller(database, app.state.clock, sends_mail=settings.sends_mail, sends_texts=settings.sends_texts).working(),
            Giver(database, app.state.clock).working(),
            post_worker(app).working(),
            messenger(app).working(),
            bringer.working(),
        ):
            yield
        await database.close()

    app = FastAPI(
        title="Said & Done", version=__version__, lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None, telemetry=None
    )
    app.state.settings = settings
    fixed = settings.now
    app.state.clock = clock or ((lambda: fixed) if fixed else system_clock)
    app.state.limits = Limits()
    app.state.darkroom = Darkroom()
    app.state.allowance = Allowance(requests=settings.key_requests, rows=settings.key_rows)
    app.state.metrics = Metrics()
    app.state.login = own_login(settings)
    app.state.known_places, app.state.known_for = {}, 0.0 if settings.mode == "test" else KNOWN_FOR
    app.state.frames = {}
    app.state.static, app.state.templates = static, environment(static, None if settings.mode == "test" else settings.var / "compiled")
    app.router.routes += [route for router in ROUTERS for route in router.routes]  # as they are: including one builds all its routes anew
    app.state.routes = [route for route in app.routes if isinstance(route, APIRoute)]
    app.router.routes.insert(0, Signposts(app.routes))
    app.state.route_called = {route.name: route for route in app.state.routes}
    problems.install(app)
    documents.describe(app)
    app.add_middleware(Tags)
    app.add_middleware(RequestBodyLimitMiddleware, max_body_size=MOST_BODY)
    app.add_middleware(CompressMiddleware, brotli_quality=5, zstd=False, minimum_size=500)
    app.add_middleware(PageCache, state=app.state)
    app.add_middleware(Guard, static=static, over_tls=lambda: settings.over_tls, metrics=app.state.metrics)
    return app


def own_login(settings: Settings) -> Login | None:
    """The council's own login, where one is set up."""
    if not settings.oidc_issuer:
        return None
    secret = settings.oidc_client_secret.get_secret_value() if settings.oidc_client_secret else None
    for_whom = {"domains": listed(settings.oidc_domains), "places": listed(settings.oidc_collaborations)}
    return Login(settings.oidc_issuer, settings.oidc_client_id, secret, name=settings.oidc_name, **for_whom)


def post_worker(app: FastAPI) -> Worker:
    """What sends the letters of a started service, in the ways that were set up; browsers are told anyhow."""
    settings: Settings = app.state.settings
    url = settings.public_url
    sender = Sender(loopback=settings.webhook_loopback)
    whom = settings.security_contact or url

    def key(version: int) -> ServerKey | None:  # not before the service has started
        found: ServerKey | None = app.state.server_keys.version(version)
        return found

    ways: dict[Way, Carrier] = {Way.PUSH: Push(sender.send, key, app.state.clock, whom)}
    if settings.smtp_url is not None:
        ways[Way.MAIL] = MailServer.at(settings.smtp_url.get_secret_value(), settings.mail_from)
    if settings.notify_key is not None:
        ways[Way.TEXT] = Notify.with_key(settings.notify_url, settings.notify_key.get_secret_value(), settings.notify_template)
    writers = {Purpose.SIGN_IN: sign_in_letter(url), Purpose.INVITATION: invitation_letter(url), Purpose.URGENT: urgent_letter(url)}
    writers |= {Purpose.NEWS: news_letter(url, lambda: app.state.server_keys, ways), Purpose.REMINDER: reminder_letter(url)}
    writers |= {Purpose.WEBHOOK: webhook_letter(url), Purpose.PUSH: push_letter(lambda: app.state.server_keys)}
    return Worker(app.state.database, Carriers(ways), writers, app.state.clock, forget={Purpose.PUSH: push_gone()})


def messenger(app: FastAPI) -> Messenger:
    """What tells programs outside what has happened in a started service."""
    settings: Settings = app.state.settings
    sender = Sender(loopback=settings.webhook_loopback)
    url, mail = settings.public_url, settings.sends_mail
    return Messenger(app.state.database, lambda: app.state.server_keys, sender, app.state.clock, public_url=url, sends_mail=mail)
