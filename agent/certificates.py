"""A site's own authority and the certificates of its stations (P-256: browsers take no Ed25519)."""

from __future__ import annotations

import contextlib
import hashlib
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from config import ConfigFaults, durable_file

CA_CERTIFICATE, CA_KEY = "site-ca.pem", "site-ca.key"
CERTIFICATE, KEY = "station.pem", "station.key"
AUTHORITY_DAYS, STATION_DAYS = 3650, 397
"""Browsers take no certificate of a server that is good for longer than 398 days."""
_EARLIER = timedelta(days=1)
"""A handheld whose clock is behind takes a new certificate as well."""


@dataclass(frozen=True)
class Served:
    """A certificate as the agent uses it."""

    context: ssl.SSLContext
    names: tuple[str, ...]
    """What the station may be called, as in `Host`: an IPv6 address in brackets."""
    expires_ms: int


class HasAuthority(Exception):  # noqa: N818 -- told to the person who asked for another one
    """There is an authority already, and one must not be lost by mistake."""


def make_authority(folder: Path, site: str, now: datetime, *, replace: bool = False) -> str:
    """Make the authority of a site in `folder`; its fingerprint. Raises HasAuthority unless it may `replace` one.

    The certificate of the one before stays as `site-ca.old.pem`, so that handhelds can trust both for a while.
    """
    certificate, key_file = folder / CA_CERTIFICATE, folder / CA_KEY
    if certificate.exists() or key_file.exists():
        if not replace:
            raise HasAuthority(str(certificate))
        with contextlib.suppress(FileNotFoundError):
            durable_file.write(folder / "site-ca.old.pem", certificate.read_text("ascii"))
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"{site} site authority")])
    made = (
        _builder(name, name, key.public_key(), now, AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    durable_file.write(key_file, _pem_of(key))
    durable_file.write(certificate, _pem(made))
    certificate.chmod(0o644)
    return fingerprint(certificate)


def issue(folder: Path, into: Path, names: tuple[str, ...], now: datetime) -> None:
    """A new key and certificate for a station with these names and addresses. Raises FileNotFoundError."""
    authority = x509.load_pem_x509_certificate((folder / CA_CERTIFICATE).read_bytes())
    signing = serialization.load_pem_private_key((folder / CA_KEY).read_bytes(), password=None)
    if not isinstance(signing, ec.EllipticCurvePrivateKey):
        raise TypeError(f"{folder / CA_KEY}: not a key that this program made")
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0][:64])])
    made = (
        _builder(subject, authority.subject, key.public_key(), now, STATION_DAYS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName([_general(name) for name in names]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key()), critical=False)
        .sign(signing, hashes.SHA256())
    )
    durable_file.write(into / KEY, _pem_of(key))
    durable_file.write(into / CERTIFICATE, _pem(made) + _pem(authority))


def fingerprint(certificate: Path) -> str:
    """SHA-256 of a certificate, as people compare it: `AB:CD:…`."""
    return _fingerprint(x509.load_pem_x509_certificate(certificate.read_bytes()))


def fingerprint_of_authority(certificate: Path) -> str:
    """SHA-256 of the authority that signed a station's certificate, which stands behind it in the file."""
    found = x509.load_pem_x509_certificates(certificate.read_bytes())[-1]
    return _fingerprint(found)


def names_of(certificate: Path) -> tuple[str, ...]:
    """The names and addresses a certificate is for, as in `Host`."""
    found = x509.load_pem_x509_certificate(certificate.read_bytes())
    wanted = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    addresses = [str(each) for each in wanted.get_values_for_type(x509.IPAddress)]
    dns = [each.lower() for each in wanted.get_values_for_type(x509.DNSName)]
    return (*dns, *(f"[{each}]" if ":" in each else each for each in addresses))


def read(certificate: Path, key: Path) -> Served:
    """The certificate of this station. Raises ConfigFaults where it cannot be used, or its key is open to others."""
    try:
        if key.stat().st_mode & 0o077:
            raise ConfigFaults([f"tls.key: {key} can be read by others; run `chmod 600 {key}`."])
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2  # handhelds with Android 9 speak no newer one
        context.load_cert_chain(certificate, key)
        found = x509.load_pem_x509_certificate(certificate.read_bytes())
        names = names_of(certificate)
    except OSError as error:  # an SSLError is one as well
        words = error.strerror or str(error)
        raise ConfigFaults([f"tls: {certificate} and {key} cannot be used ({words}); see docs/people.md."]) from None
    except (ValueError, x509.ExtensionNotFound):
        raise ConfigFaults(
            [f"tls.certificate: {certificate} names no host; make one with `edge-agent site-ca`."]
        ) from None
    return Served(context, names, int(found.not_valid_after_utc.timestamp()) * 1000)


def _fingerprint(certificate: x509.Certificate) -> str:
    return hashlib.sha256(certificate.public_bytes(serialization.Encoding.DER)).digest().hex(":").upper()


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, now: datetime, days: int
) -> x509.CertificateBuilder:
    now = now.astimezone(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _EARLIER)
        .not_valid_after(now + timedelta(days=days))
    )


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs,
        key_cert_sign=signs,
        crl_sign=signs,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name.strip("[]")))
    except ValueError:
        return x509.DNSName(name.lower())


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode("ascii")


def _pem_of(key: ec.EllipticCurvePrivateKey) -> str:
    form = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()).decode("ascii")
