"""One telling by HTTP: only to the internet, to the very address that was checked, with no redirection, and never for long."""

import asyncio
import socket
import ssl
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from service.settings import Settings
from service.webhooks.models import Answer, Fault
from service.webhooks.sending import Resolve, Sender, look_up
from tests.make import MONDAY
from tests.webhooks.conftest import Loop, Receiver

NAME = "hooks.example.org"


def leads_to(*addresses: str, asked: list[tuple[str, int]] | None = None) -> Resolve:
    """A resolver of this test's own."""

    async def resolve(host: str, port: int) -> list[str]:
        if asked is not None:
            asked.append((host, port))
        return list(addresses)

    return resolve


def send(sender: Sender, address: str) -> Answer:
    return asyncio.run(sender.send(address, {"webhook-id": "x"}, "{}"))


def closed_port() -> int:
    """A port at which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# ---- what is never told ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "found", [["127.0.0.1"], ["::1"], ["10.0.0.1"], ["169.254.169.254"], ["93.184.216.34", "192.168.1.1"], ["fe80::1%eth0"], ["x"]]
)
def test_name_that_leads_inside_is_not_told(receiver: Receiver, found: list[str]) -> None:
    address = f"https://{NAME}:8443/hook"
    assert send(Sender(resolve=leads_to(*found)), address) == Answer(fault=Fault.NOT_ALLOWED)
    assert receiver.got == []


def test_name_that_changes_between_the_check_and_the_call_changes_nothing(receiver: Receiver) -> None:
    """DNS rebinding: the name is looked up once, and what was checked is what is called."""
    asked: list[tuple[str, int]] = []
    turns = iter([["127.0.0.1"], ["10.0.0.1"]])

    async def rebinding(host: str, port: int) -> list[str]:
        asked.append((host, port))
        return next(turns)

    sender = Sender(resolve=rebinding, loopback=True)
    assert send(sender, f"http://{NAME}:{receiver.port}/hook") == Answer(204)
    assert asked == [(NAME, receiver.port)]
    [(_path, headers, _body)] = receiver.got
    assert headers["host"] == f"{NAME}:{receiver.port}", "no other resolver than ours knows this name, so it was called by its number"
    assert send(sender, f"http://{NAME}:{receiver.port}/hook").fault == Fault.NOT_ALLOWED
    assert len(receiver.got) == 1


@pytest.mark.parametrize(
    "address", ["http://hooks.example.org/", "https://127.0.0.1/", "https://hooks.example.org:22/", "file:///etc/passwd"]
)
def test_address_that_may_not_be_told_is_not_even_looked_up(address: str) -> None:
    asked: list[tuple[str, int]] = []
    assert send(Sender(resolve=leads_to("93.184.216.34", asked=asked)), address).fault == Fault.NOT_ALLOWED
    assert asked == []


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Temporary", "308 Permanent"])
def test_redirection_is_not_followed(receivers: Loop, receiver: Receiver, status: str) -> None:
    there = receivers.opens(Receiver())
    receiver.answers = [f"{status}\r\nLocation: {there.url}"]
    answer = send(Sender(loopback=True), receiver.url)
    assert (answer.status, answer.fault) == (int(status[:3]), Fault.REDIRECTED) and there.got == []


def test_no_proxy_of_the_environment_is_used(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{closed_port()}")
    assert send(Sender(loopback=True), receiver.url) == Answer(204)


def test_setting_that_opens_loopback_is_refused_outside_tests() -> None:
    for mode in ("development", "production"):
        with pytest.raises(ValueError, match="SAID_WEBHOOK_LOOPBACK"):
            Settings(mode=mode, public_url="https://said.example.org", webhook_loopback=True)  # type: ignore[arg-type]
    assert not Settings(mode="test").webhook_loopback


# ---- what goes wrong -------------------------------------------------------------------------------------------------


def test_receiver_that_hangs_is_left_after_a_while(receiver: Receiver) -> None:
    receiver.hangs = True
    assert send(Sender(loopback=True, seconds=0.2), receiver.url) == Answer(fault=Fault.TOO_SLOW)
    receiver.hangs = False


def test_name_that_takes_long_to_look_up_counts_as_well() -> None:
    async def slow(_host: str, _port: int) -> list[str]:
        await asyncio.sleep(5)
        return ["127.0.0.1"]

    assert send(Sender(resolve=slow, loopback=True, seconds=0.1), f"http://{NAME}/") == Answer(fault=Fault.TOO_SLOW)


def test_receiver_that_drips_its_answer_is_left_after_a_while(receivers: Loop) -> None:
    class Dripping(Receiver):
        async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            try:
                for letter in b"HTTP/1.1 200 OK\r\nX: " + b"y" * 1000:
                    writer.write(bytes([letter]))
                    await writer.drain()
                    await asyncio.sleep(0.05)
            except ConnectionError:
                pass
            finally:
                writer.close()

    assert send(Sender(loopback=True, seconds=0.3), receivers.opens(Dripping()).url) == Answer(fault=Fault.TOO_SLOW)


def test_answer_is_not_read_however_long_it_is(receivers: Loop) -> None:
    class Talkative(Receiver):
        async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000000000\r\n\r\n")
            try:
                while True:
                    writer.write(b"x" * 65_536)
                    await writer.drain()
            except ConnectionError:
                pass
            finally:
                writer.close()

    assert send(Sender(loopback=True, seconds=5), receivers.opens(Talkative()).url) == Answer(200)


def test_what_is_no_answer_is_a_fault(receivers: Loop) -> None:
    class Odd(Receiver):
        async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"SSH-2.0-nothing\r\n")
            writer.close()

    assert send(Sender(loopback=True), receivers.opens(Odd()).url) == Answer(fault=Fault.BROKEN)


def test_nobody_there_is_a_fault_and_the_second_address_of_a_name_is_tried(receiver: Receiver) -> None:
    assert send(Sender(loopback=True), f"http://127.0.0.1:{closed_port()}/") == Answer(fault=Fault.UNREACHABLE)
    both = Sender(resolve=leads_to("127.9.9.9", "127.0.0.1"), loopback=True)
    assert send(both, f"http://{NAME}:{receiver.port}/") == Answer(204)


def test_name_that_nobody_knows_is_a_fault() -> None:
    async def unknown(_host: str, _port: int) -> list[str]:
        raise socket.gaierror(-2, "Name or service not known")

    for resolve in (unknown, leads_to()):
        assert send(Sender(resolve=resolve), f"https://{NAME}/") == Answer(fault=Fault.UNKNOWN_NAME)
    assert "127.0.0.1" in asyncio.run(look_up("127.0.0.1", 443))


# ---- TLS -------------------------------------------------------------------------------------------------------------


def certified(folder: Path, name: str) -> Path:
    """A certificate for this name that vouches for itself, with its key."""
    key, subject = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    built = x509.CertificateBuilder(
        subject, subject, key.public_key(), x509.random_serial_number(), MONDAY, MONDAY + timedelta(days=36_500)
    )
    names: list[x509.GeneralName] = [x509.DNSName(name), x509.IPAddress(ip_address("192.0.2.1"))]
    signed = built.add_extension(x509.SubjectAlternativeName(names), critical=False).sign(key, hashes.SHA256())
    file = folder / "both.pem"
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(signed.public_bytes(serialization.Encoding.PEM) + private)
    return file


def test_certificate_must_be_that_of_the_name_though_a_number_is_called(receivers: Loop, tmp_path: Path) -> None:
    file = certified(tmp_path, NAME)
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(file)
    asked: list[str | None] = []
    serving.sni_callback = lambda _socket, name, _context: asked.append(name)
    receiver = receivers.opens(Receiver(), ssl=serving)
    trust = ssl.create_default_context(cafile=str(file))
    sender = Sender(resolve=leads_to("127.0.0.1"), loopback=True, trust=trust)
    assert send(sender, f"https://{NAME}:{receiver.port}/hook") == Answer(204)
    assert asked == [NAME]
    assert send(sender, f"https://other.example.org:{receiver.port}/hook") == Answer(fault=Fault.NOT_TRUSTED)
    strangers = Sender(resolve=leads_to("127.0.0.1"), loopback=True)
    assert send(strangers, f"https://{NAME}:{receiver.port}/hook") == Answer(fault=Fault.NOT_TRUSTED)
    assert len(receiver.got) == 1
