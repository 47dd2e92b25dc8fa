//! What one service holds to prove who it is and to keep personal data: a file with its secrets
//! and the public keys of everybody.
//!
//! `<dir>/<service>.json` (mode 0600) has the secrets of one service and goes to the machine of that
//! service only; `<dir>/public.json` has no secret and goes everywhere. [`Keys::generate`] makes
//! both; back the folder up apart from the database, or the encrypted columns are lost with it.

use std::{
    collections::BTreeMap,
    fmt, fs,
    fs::OpenOptions,
    io::{ErrorKind, Write as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use ed25519_dalek::{SigningKey, VerifyingKey};
use nkeys::{KeyPair, KeyPairType};
use proto::Service;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use zeroize::{Zeroize as _, Zeroizing};

use crate::{
    chance::{Chance, SeededChance},
    vault::Vault,
};

const PUBLIC_FILE: &str = "public.json";
const ADMINISTRATOR: &str = "administrator";

/// Why keys cannot be loaded or made. Names the file and what to do, never a key.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// Not made yet, or not brought to this machine.
    #[error("{} does not exist: make it with `dichterbij keys --dir {}`", path.display(), folder(path))]
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// The file is there but cannot be read.
    #[error("{} cannot be read: check its owner and mode", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// Others on this machine can read the secrets.
    #[error("{} can be read by others (mode {mode:03o}): `chmod 600` it", path.display())]
    ReadableByOthers {
        /// The file.
        path: PathBuf,
        /// Its mode.
        mode: u32,
    },
    /// Not JSON, or not ours. Without serde's words: they could quote a secret.
    #[error("{} is not a key file (line {line}): put it back from the backup", path.display())]
    NotAKeyFile {
        /// The file.
        path: PathBuf,
        /// Where reading stopped.
        line: usize,
    },
    /// One key is absent.
    #[error("{} has no {field}: complete it with `dichterbij keys --dir {}`", path.display(), folder(path))]
    FieldMissing {
        /// The file.
        path: PathBuf,
        /// Which key.
        field: String,
    },
    /// One key is not a key.
    #[error("{}: {field} is not a key: put the file back from the backup", path.display())]
    NotAKey {
        /// The file.
        path: PathBuf,
        /// Which key.
        field: String,
    },
    /// The others know this service under another key and would refuse it.
    #[error(
        "{} and {PUBLIC_FILE} beside it do not belong together: run `dichterbij keys --dir {}` where all \
         secrets are and bring {PUBLIC_FILE} to every machine",
        path.display(),
        folder(path)
    )]
    Mismatch {
        /// The file with the secrets.
        path: PathBuf,
    },
    /// Keys were made before, but the secrets are not here. New ones would lock out the service
    /// and make its encrypted data unreadable, so that is not done by itself.
    #[error(
        "{} is gone, but {PUBLIC_FILE} knows its keys: put it back from the backup or run this where it is; \
         only if nothing was ever stored under it, delete {PUBLIC_FILE} to make new ones",
        path.display()
    )]
    SecretsGone {
        /// The file.
        path: PathBuf,
    },
    /// The folder or a file in it cannot be written.
    #[error("{} cannot be written: check the owner and mode of {}", path.display(), folder(path))]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
}

fn folder(path: &Path) -> std::path::Display<'_> {
    path.parent().unwrap_or(path).display()
}

/// Everything one service holds.
pub struct Keys {
    service: Service,
    nats_seed: Zeroizing<String>,
    postgres_password: Zeroizing<String>,
    // The others wipe themselves.
    box_secret: crypto_box::SecretKey,
    signing_secret: SigningKey,
    vault: Option<Vault>,
    sms_webhook: Option<Zeroizing<[u8; 32]>>,
    public: PublicKeys,
}

/// What [`Keys::generate`] did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Generated {
    /// Who got at least one new key: names of services, and `administrator`.
    pub created: Vec<String>,
    /// Whose keys were complete and stayed as they were.
    pub kept: Vec<String>,
    /// The public half of all of them, as written.
    pub public: PublicKeys,
}

impl Keys {
    /// Reads the keys of one service and the public keys of all, and sees that they fit together.
    pub fn load(dir: &Path, service: Service) -> Result<Self, KeysError> {
        let path = secrets_path(dir, service.name());
        let secrets: ServiceSecrets =
            read_secrets(&path)?.ok_or(KeysError::Missing { path: path.clone() })?;
        let keys = Self::assemble(service, &secrets, PublicKeys::load(dir)?, &path)?;
        let own = keys.public.of(service);
        if own.sealing != keys.box_secret.public_key()
            || own.verifying != keys.signing_secret.verifying_key()
            || own.nats != nats_public(&path, &keys.nats_seed)?
        {
            return Err(KeysError::Mismatch { path });
        }
        Ok(keys)
    }

    /// Makes what is missing for every service and the administrator, keeps every existing secret
    /// and writes `public.json` anew. Run it once per installation and after each release that
    /// brings a service; two at a time wait for each other.
    pub fn generate(dir: &Path, chance: &dyn Chance) -> Result<Generated, KeysError> {
        let unwritable = |source| KeysError::Unwritable { path: dir.to_owned(), source };
        fs::DirBuilder::new().recursive(true).mode(0o700).create(dir).map_err(unwritable)?;
        // Held until the end of the function.
        let lock_path = dir.join(".lock");
        let lock = OpenOptions::new().create(true).append(true).mode(0o600).open(&lock_path);
        lock.and_then(|file| file.lock().map(|()| file)).map_err(unwritable).and_then(|_lock| {
            let known = read_json::<PublicFile>(&dir.join(PUBLIC_FILE))?.unwrap_or_default();
            generate_in(dir, chance, &known)
        })
    }

    /// Keys of a service that everybody knows, and that know those of every other service.
    pub fn for_testing(service: Service) -> Self {
        let path = Path::new("(for testing)");
        Self::assemble(service, &secrets_for_testing(service), PublicKeys::for_testing(), path)
            .expect("what `complete` makes is complete")
    }

    fn assemble(
        service: Service,
        secrets: &ServiceSecrets,
        public: PublicKeys,
        path: &Path,
    ) -> Result<Self, KeysError> {
        let vault = if has_vault(service) {
            let vault = secrets.vault.as_ref().ok_or_else(|| missing(path, "vault"))?;
            let kek = key_bytes(path, "vault.kek", vault.kek.as_ref())?;
            let index_key = key_bytes(path, "vault.index_key", vault.index_key.as_ref())?;
            Some(Vault::new(*kek, *index_key))
        } else {
            None
        };
        let sms_webhook = takes_in_texts(service)
            .then(|| key_bytes(path, "sms_webhook", secrets.sms_webhook.as_ref()))
            .transpose()?;
        Ok(Self {
            service,
            nats_seed: text(path, "nats_seed", secrets.nats_seed.as_ref())?,
            postgres_password: text(path, "postgres_password", secrets.postgres_password.as_ref())?,
            box_secret: (*key_bytes(path, "box_secret", secrets.box_secret.as_ref())?).into(),
            signing_secret: SigningKey::from_bytes(&*key_bytes(
                path,
                "signing_secret",
                secrets.signing_secret.as_ref(),
            )?),
            vault,
            sms_webhook,
            public,
        })
    }

    /// Whose keys these are.
    pub fn service(&self) -> Service {
        self.service
    }

    /// The seed of the service's NATS identity.
    pub fn nats_seed(&self) -> &str {
        &self.nats_seed
    }

    /// The password of the service's database role.
    pub fn postgres_password(&self) -> &str {
        &self.postgres_password
    }

    /// The keys of its data at rest, for a service that keeps personal data.
    pub fn vault(&self) -> Option<&Vault> {
        self.vault.as_ref()
    }

    /// What the SMS gateway signs with that brings us text messages; only the portal takes them in.
    pub fn sms_webhook(&self) -> Option<&[u8]> {
        self.sms_webhook.as_ref().map(|secret| secret.as_slice())
    }

    /// The public keys of everybody.
    pub fn public(&self) -> &PublicKeys {
        &self.public
    }

    /// The key with which this service signs what it publishes for everybody to check.
    pub fn signing_key(&self) -> &SigningKey {
        &self.signing_secret
    }

    pub(crate) fn box_secret(&self) -> &crypto_box::SecretKey {
        &self.box_secret
    }

    pub(crate) fn signing_secret(&self) -> &SigningKey {
        &self.signing_secret
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keys({}, …)", self.service)
    }
}

/// Which services keep personal data. A new service decides here.
const fn has_vault(service: Service) -> bool {
    match service {
        Service::Intake | Service::Vacancies | Service::Portal | Service::Notifier => true,
        // Who is who, nobody learns from a queue: it knows ids.
        Service::OpenHiring | Service::Matcher => false,
    }
}

/// Which service takes in text messages: it shares a secret with the gateway that brings them.
const fn takes_in_texts(service: Service) -> bool {
    matches!(service, Service::Portal)
}

/// The identity that makes streams and consumers. No service has it.
pub struct Administrator {
    nats_seed: Zeroizing<String>,
}

impl Administrator {
    /// Reads `<dir>/administrator.json`.
    pub fn load(dir: &Path) -> Result<Self, KeysError> {
        let path = secrets_path(dir, ADMINISTRATOR);
        let secrets: AdministratorSecrets =
            read_secrets(&path)?.ok_or(KeysError::Missing { path: path.clone() })?;
        let nats_seed = text(&path, "nats_seed", secrets.nats_seed.as_ref())?;
        if nats_public(&path, &nats_seed)? != PublicKeys::load(dir)?.administrator_nats() {
            return Err(KeysError::Mismatch { path });
        }
        Ok(Self { nats_seed })
    }

    /// The one that belongs to [`PublicKeys::for_testing`].
    pub fn for_testing() -> Self {
        Self { nats_seed: Zeroizing::new(new_nats_seed(&SeededChance::new(0xad))) }
    }

    /// The seed of its NATS identity.
    pub fn nats_seed(&self) -> &str {
        &self.nats_seed
    }
}

impl fmt::Debug for Administrator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Administrator(…)")
    }
}

/// The public keys of every service and of the administrator. No secret in here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKeys {
    services: BTreeMap<Service, PublicIdentity>,
    administrator_nats: String,
}

/// The public keys of one service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicIdentity {
    sealing: crypto_box::PublicKey,
    verifying: VerifyingKey,
    nats: String,
}

impl PublicIdentity {
    /// What is sealed to this key only the service can open.
    pub fn sealing(&self) -> &crypto_box::PublicKey {
        &self.sealing
    }

    /// What this key verifies the service has signed.
    pub fn verifying(&self) -> &VerifyingKey {
        &self.verifying
    }

    /// Its NATS identity: `U…`.
    pub fn nats(&self) -> &str {
        &self.nats
    }
}

impl PublicKeys {
    /// Reads `<dir>/public.json`.
    pub fn load(dir: &Path) -> Result<Self, KeysError> {
        let path = dir.join(PUBLIC_FILE);
        let file: PublicFile = read_json(&path)?.ok_or(KeysError::Missing { path: path.clone() })?;
        let mut services = BTreeMap::new();
        for service in Service::ALL {
            let entry = file.services.get(service.name()).ok_or_else(|| missing(&path, service.name()))?;
            let field = |key: &str| format!("{service}.{key}");
            let verifying = key_bytes(&path, &field("signing"), Some(&entry.signing))?;
            let verifying = VerifyingKey::from_bytes(&verifying)
                .map_err(|_| KeysError::NotAKey { path: path.clone(), field: field("signing") })?;
            let sealing = (*key_bytes(&path, &field("box"), Some(&entry.sealing))?).into();
            let nats = checked_nkey(&path, field("nats"), &entry.nats)?;
            services.insert(service, PublicIdentity { sealing, verifying, nats });
        }
        let administrator = file.administrator.ok_or_else(|| missing(&path, ADMINISTRATOR))?;
        let administrator_nats = checked_nkey(&path, format!("{ADMINISTRATOR}.nats"), &administrator.nats)?;
        Ok(Self { services, administrator_nats })
    }

    /// Those of [`Keys::for_testing`] and [`Administrator::for_testing`].
    pub fn for_testing() -> Self {
        let path = Path::new("(for testing)");
        let services = Service::ALL
            .map(|service| (service, identity(path, &secrets_for_testing(service)).expect("made complete")));
        let administrator_nats =
            nats_public(path, Administrator::for_testing().nats_seed()).expect("a fresh seed");
        Self { services: services.into(), administrator_nats }
    }

    /// The keys of one service.
    pub fn of(&self, service: Service) -> &PublicIdentity {
        self.services.get(&service).expect("made only with every service in it")
    }

    /// The administrator's NATS identity: `U…`.
    pub fn administrator_nats(&self) -> &str {
        &self.administrator_nats
    }
}

// The files.

/// Fields are optional so that a later release can add one. What an older release does not know it
/// leaves in place.
#[derive(Default, Serialize, Deserialize)]
struct ServiceSecrets {
    nats_seed: Option<String>,
    postgres_password: Option<String>,
    box_secret: Option<String>,
    signing_secret: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    vault: Option<VaultSecrets>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sms_webhook: Option<String>,
    #[serde(flatten)]
    others: BTreeMap<String, serde_json::Value>,
}

#[derive(Default, Serialize, Deserialize)]
struct VaultSecrets {
    kek: Option<String>,
    index_key: Option<String>,
    #[serde(flatten)]
    others: BTreeMap<String, serde_json::Value>,
}

#[derive(Default, Serialize, Deserialize)]
struct AdministratorSecrets {
    nats_seed: Option<String>,
    #[serde(flatten)]
    others: BTreeMap<String, serde_json::Value>,
}

impl Drop for ServiceSecrets {
    fn drop(&mut self) {
        self.nats_seed.zeroize();
        self.postgres_password.zeroize();
        self.box_secret.zeroize();
        self.signing_secret.zeroize();
        self.sms_webhook.zeroize();
    }
}

impl Drop for VaultSecrets {
    fn drop(&mut self) {
        self.kek.zeroize();
        self.index_key.zeroize();
    }
}

impl Drop for AdministratorSecrets {
    fn drop(&mut self) {
        self.nats_seed.zeroize();
    }
}

#[derive(Default, Serialize, Deserialize)]
struct PublicFile {
    /// By name: an older release reads past a service that it does not know.
    #[serde(default)]
    services: BTreeMap<String, PublicEntry>,
    administrator: Option<PublicAdministrator>,
}

#[derive(Serialize, Deserialize)]
struct PublicEntry {
    #[serde(rename = "box")]
    sealing: String,
    signing: String,
    nats: String,
}

#[derive(Serialize, Deserialize)]
struct PublicAdministrator {
    nats: String,
}

fn generate_in(dir: &Path, chance: &dyn Chance, known: &PublicFile) -> Result<Generated, KeysError> {
    // First look whether everything that must be there is there, then write the first byte.
    let mut secrets = Vec::new();
    for service in Service::ALL {
        let path = secrets_path(dir, service.name());
        let existing = read_secrets::<ServiceSecrets>(&path)?;
        if existing.is_none() && known.services.contains_key(service.name()) {
            return Err(KeysError::SecretsGone { path });
        }
        secrets.push((service, path, existing.unwrap_or_default()));
    }
    let administrator_path = secrets_path(dir, ADMINISTRATOR);
    let administrator = read_secrets::<AdministratorSecrets>(&administrator_path)?;
    if administrator.is_none() && known.administrator.is_some() {
        return Err(KeysError::SecretsGone { path: administrator_path });
    }

    let (mut created, mut kept) = (Vec::new(), Vec::new());
    let mut services = BTreeMap::new();
    for (service, path, mut secrets) in secrets {
        let new = complete(&mut secrets, service, chance);
        services.insert(service, identity(&path, &secrets)?);
        if new {
            write_file(&path, &secrets, 0o600)?;
        }
        if new { &mut created } else { &mut kept }.push(service.name().to_owned());
    }
    let mut administrator = administrator.unwrap_or_default();
    let new = fill(&mut administrator.nats_seed, || new_nats_seed(chance));
    let seed = text(&administrator_path, "nats_seed", administrator.nats_seed.as_ref())?;
    let public = PublicKeys { services, administrator_nats: nats_public(&administrator_path, &seed)? };
    if new {
        write_file(&administrator_path, &administrator, 0o600)?;
    }
    if new { &mut created } else { &mut kept }.push(ADMINISTRATOR.to_owned());

    // Last: what it knows is then certainly there.
    write_file(&dir.join(PUBLIC_FILE), &public_file(&public), 0o644)?;
    Ok(Generated { created, kept, public })
}

/// Makes what is missing; whether anything was.
fn complete(secrets: &mut ServiceSecrets, service: Service, chance: &dyn Chance) -> bool {
    let new_key = || {
        let mut bytes = Zeroizing::new([0; 32]);
        chance.fill(bytes.as_mut());
        STANDARD.encode(bytes.as_ref())
    };
    let mut new = fill(&mut secrets.nats_seed, || new_nats_seed(chance));
    new |= fill(&mut secrets.postgres_password, || chance.token());
    new |= fill(&mut secrets.box_secret, new_key);
    new |= fill(&mut secrets.signing_secret, new_key);
    if has_vault(service) {
        let vault = secrets.vault.get_or_insert_default();
        new |= fill(&mut vault.kek, new_key);
        new |= fill(&mut vault.index_key, new_key);
    }
    if takes_in_texts(service) {
        new |= fill(&mut secrets.sms_webhook, new_key);
    }
    new
}

fn fill(field: &mut Option<String>, make: impl FnOnce() -> String) -> bool {
    let missing = field.is_none();
    field.get_or_insert_with(make);
    missing
}

fn new_nats_seed(chance: &dyn Chance) -> String {
    let mut bytes = [0; 32];
    chance.fill(&mut bytes);
    let pair = KeyPair::new_from_raw(KeyPairType::User, bytes).and_then(|pair| pair.seed());
    bytes.zeroize();
    pair.expect("any 32 bytes are a seed")
}

fn secrets_for_testing(service: Service) -> ServiceSecrets {
    let place = Service::ALL.iter().position(|other| *other == service).unwrap_or_default();
    let vault = Vault::for_testing();
    let mut secrets = ServiceSecrets::default();
    if has_vault(service) {
        secrets.vault = Some(VaultSecrets {
            kek: Some(STANDARD.encode(vault.kek())),
            index_key: Some(STANDARD.encode(vault.index_key())),
            others: BTreeMap::new(),
        });
    }
    complete(&mut secrets, service, &SeededChance::new(place as u64));
    secrets
}

fn identity(path: &Path, secrets: &ServiceSecrets) -> Result<PublicIdentity, KeysError> {
    let box_secret: crypto_box::SecretKey =
        (*key_bytes(path, "box_secret", secrets.box_secret.as_ref())?).into();
    let signing_secret =
        SigningKey::from_bytes(&*key_bytes(path, "signing_secret", secrets.signing_secret.as_ref())?);
    Ok(PublicIdentity {
        sealing: box_secret.public_key(),
        verifying: signing_secret.verifying_key(),
        nats: nats_public(path, &text(path, "nats_seed", secrets.nats_seed.as_ref())?)?,
    })
}

fn public_file(public: &PublicKeys) -> PublicFile {
    let entry = |identity: &PublicIdentity| PublicEntry {
        sealing: STANDARD.encode(identity.sealing.as_bytes()),
        signing: STANDARD.encode(identity.verifying.as_bytes()),
        nats: identity.nats.clone(),
    };
    let services =
        public.services.iter().map(|(service, identity)| (service.name().to_owned(), entry(identity)));
    PublicFile {
        services: services.collect(),
        administrator: Some(PublicAdministrator { nats: public.administrator_nats.clone() }),
    }
}

// Reading and writing.

fn secrets_path(dir: &Path, name: &str) -> PathBuf {
    dir.join(format!("{name}.json"))
}

fn missing(path: &Path, field: &str) -> KeysError {
    KeysError::FieldMissing { path: path.to_owned(), field: field.to_owned() }
}

fn text(path: &Path, field: &str, value: Option<&String>) -> Result<Zeroizing<String>, KeysError> {
    value.filter(|text| !text.is_empty()).cloned().map(Zeroizing::new).ok_or_else(|| missing(path, field))
}

fn key_bytes(path: &Path, field: &str, value: Option<&String>) -> Result<Zeroizing<[u8; 32]>, KeysError> {
    let encoded = value.ok_or_else(|| missing(path, field))?;
    let bytes = STANDARD.decode(encoded).map(Zeroizing::new).ok();
    let key = bytes.and_then(|bytes| bytes.as_slice().try_into().ok()).map(Zeroizing::new);
    key.ok_or_else(|| KeysError::NotAKey { path: path.to_owned(), field: field.to_owned() })
}

fn nats_public(path: &Path, seed: &str) -> Result<String, KeysError> {
    let pair = KeyPair::from_seed(seed).ok().map(|pair| pair.public_key()).filter(|key| key.starts_with('U'));
    pair.ok_or_else(|| KeysError::NotAKey { path: path.to_owned(), field: "nats_seed".to_owned() })
}

/// This text goes into the server's configuration, so it must be a key and nothing besides.
fn checked_nkey(path: &Path, field: String, nkey: &str) -> Result<String, KeysError> {
    match KeyPair::from_public_key(nkey) {
        Ok(pair) if nkey.starts_with('U') && pair.public_key() == nkey => Ok(nkey.to_owned()),
        Ok(_) | Err(_) => Err(KeysError::NotAKey { path: path.to_owned(), field }),
    }
}

fn read_secrets<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, KeysError> {
    if let Ok(metadata) = fs::metadata(path) {
        let mode = metadata.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            return Err(KeysError::ReadableByOthers { path: path.to_owned(), mode });
        }
    }
    read_json(path)
}

fn read_json<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, KeysError> {
    let text = match fs::read_to_string(path) {
        Ok(text) => Zeroizing::new(text),
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(KeysError::Unreadable { path: path.to_owned(), source }),
    };
    let parsed = serde_json::from_str(&text);
    parsed.map(Some).map_err(|error| KeysError::NotAKeyFile { path: path.to_owned(), line: error.line() })
}

/// Whole or not at all: written beside it, flushed, renamed.
fn write_file<T: Serialize>(path: &Path, value: &T, mode: u32) -> Result<(), KeysError> {
    let mut text = Zeroizing::new(serde_json::to_vec_pretty(value).expect("key files are plain JSON"));
    text.push(b'\n');
    let fresh = path.with_extension("json.new");
    let write = || {
        // One left behind by a crash may have another mode.
        match fs::remove_file(&fresh) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            Ok(()) | Err(_) => {}
        }
        let mut file = OpenOptions::new().write(true).create_new(true).mode(mode).open(&fresh)?;
        file.write_all(&text)?;
        file.sync_all()?;
        fs::rename(&fresh, path)?;
        fs::File::open(path.parent().unwrap_or(Path::new(".")))?.sync_all()
    };
    write().map_err(|source| KeysError::Unwritable { path: path.to_owned(), source })
}

/// A folder that goes when the test is over.
#[cfg(test)]
pub(crate) struct TestFolder(PathBuf);

#[cfg(test)]
impl TestFolder {
    pub(crate) fn new(name: &str) -> Self {
        let unique = crate::chance::OsChance.token();
        let path = std::env::temp_dir().join(format!("dbj-{name}-{unique}"));
        fs::create_dir(&path).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

#[cfg(test)]
impl Drop for TestFolder {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn generated(name: &str) -> TestFolder {
        let folder = TestFolder::new(name);
        Keys::generate(folder.path(), &SeededChance::new(1)).unwrap();
        folder
    }

    fn contents(folder: &TestFolder) -> BTreeMap<PathBuf, String> {
        let files = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path());
        files.map(|path| (path.clone(), fs::read_to_string(path).unwrap())).collect()
    }

    fn edit(path: &Path, change: impl FnOnce(&mut serde_json::Value)) {
        let mut value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        change(&mut value);
        fs::write(path, value.to_string()).unwrap();
    }

    #[test]
    fn what_was_generated_loads_and_works_together() {
        let folder = generated("load");
        for from in Service::ALL {
            let keys = Keys::load(folder.path(), from).unwrap();
            assert_eq!(keys.service(), from);
            assert_eq!(keys.vault().is_some(), !matches!(from, Service::Matcher | Service::OpenHiring));
            assert!(keys.nats_seed().starts_with("SU"));
            assert_eq!(keys.sms_webhook().is_some(), from == Service::Portal);
            for to in Service::ALL {
                let sealed = keys.seal(to, &"hello".to_owned());
                assert_eq!(Keys::load(folder.path(), to).unwrap().open(&sealed).unwrap(), "hello");
            }
        }
        assert!(Administrator::load(folder.path()).unwrap().nats_seed().starts_with("SU"));
    }

    #[test]
    fn no_two_services_share_a_secret() {
        let folder = generated("distinct");
        let all = Service::ALL.map(|service| Keys::load(folder.path(), service).unwrap());
        for (place, one) in all.iter().enumerate() {
            for other in &all[place + 1..] {
                assert_ne!(one.nats_seed(), other.nats_seed());
                assert_ne!(one.postgres_password(), other.postgres_password());
                assert_ne!(one.box_secret().to_bytes(), other.box_secret().to_bytes());
                assert_ne!(one.signing_secret().to_bytes(), other.signing_secret().to_bytes());
                if let (Some(one), Some(other)) = (one.vault(), other.vault()) {
                    assert_ne!(one.kek(), other.kek());
                    assert_ne!(one.index_key(), other.index_key());
                }
            }
        }
    }

    #[test]
    fn generating_again_changes_nothing() {
        let folder = generated("again");
        let before = contents(&folder);
        let second = Keys::generate(folder.path(), &SeededChance::new(2)).unwrap();
        assert_eq!(second.created, Vec::<String>::new());
        assert_eq!(second.kept.len(), Service::ALL.len() + 1);
        assert_eq!(second.public, PublicKeys::load(folder.path()).unwrap());
        assert_eq!(contents(&folder), before);
    }

    #[test]
    fn a_missing_key_is_added_and_what_a_newer_release_wrote_stays() {
        let folder = generated("complete");
        let path = secrets_path(folder.path(), "intake");
        let old = Keys::load(folder.path(), Service::Intake).unwrap();
        edit(&path, |value| {
            let fields = value.as_object_mut().unwrap();
            fields.remove("postgres_password").unwrap();
            fields.insert("from_the_future".to_owned(), "keep me".into());
        });
        let error = Keys::load(folder.path(), Service::Intake).unwrap_err();
        assert!(matches!(&error, KeysError::FieldMissing { field, .. } if field == "postgres_password"));
        let second = Keys::generate(folder.path(), &SeededChance::new(2)).unwrap();
        assert_eq!(second.created, ["intake"]);
        let new = Keys::load(folder.path(), Service::Intake).unwrap();
        assert_ne!(new.postgres_password(), old.postgres_password());
        assert_eq!(new.nats_seed(), old.nats_seed());
        assert_eq!(new.vault().unwrap().kek(), old.vault().unwrap().kek());
        assert!(fs::read_to_string(path).unwrap().contains("keep me"));
    }

    #[test]
    fn a_service_that_is_new_gets_keys_and_the_others_keep_theirs() {
        let folder = generated("new-service");
        let intake = secrets_path(folder.path(), "intake");
        let before = fs::read_to_string(&intake).unwrap();
        fs::remove_file(secrets_path(folder.path(), "matcher")).unwrap();
        edit(&folder.path().join(PUBLIC_FILE), |value| {
            value["services"].as_object_mut().unwrap().remove("matcher").unwrap();
        });
        let second = Keys::generate(folder.path(), &SeededChance::new(2)).unwrap();
        assert_eq!(second.created, ["matcher"]);
        assert_eq!(fs::read_to_string(&intake).unwrap(), before);
    }

    /// Otherwise a run in the wrong folder would make encrypted columns unreadable for good.
    #[test]
    fn secrets_that_were_lost_are_not_silently_replaced() {
        for name in ["intake", ADMINISTRATOR] {
            let folder = generated("lost");
            fs::remove_file(secrets_path(folder.path(), name)).unwrap();
            let before = contents(&folder);
            let error = Keys::generate(folder.path(), &SeededChance::new(2)).unwrap_err();
            assert!(matches!(error, KeysError::SecretsGone { .. }), "{error}");
            assert_eq!(contents(&folder), before);
        }
    }

    #[test]
    fn a_damaged_file_is_never_overwritten() {
        let folder = generated("damaged");
        let path = secrets_path(folder.path(), "portal");
        fs::write(&path, "{\"nats_seed\": \"SUSECRET").unwrap();
        let error = Keys::generate(folder.path(), &SeededChance::new(2)).unwrap_err();
        assert!(matches!(error, KeysError::NotAKeyFile { .. }), "{error}");
        assert!(!format!("{error} {error:?}").contains("SUSECRET"));
        assert_eq!(fs::read_to_string(&path).unwrap(), "{\"nats_seed\": \"SUSECRET");
        for (field, wrong) in [("box_secret", "c2hvcnQ="), ("nats_seed", "SUWRONG")] {
            let folder = generated("damaged-key");
            let path = secrets_path(folder.path(), "portal");
            edit(&path, |value| value[field] = wrong.into());
            let error = Keys::generate(folder.path(), &SeededChance::new(2)).unwrap_err();
            assert!(matches!(&error, KeysError::NotAKey { .. }), "{error}");
            assert!(!format!("{error} {error:?}").contains(wrong));
        }
    }

    #[test]
    fn secrets_are_for_their_owner_only() {
        let folder = generated("mode");
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let path = secrets_path(folder.path(), "notifier");
        assert_eq!(mode(&path), 0o600);
        assert_eq!(mode(&secrets_path(folder.path(), ADMINISTRATOR)), 0o600);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let error = Keys::load(folder.path(), Service::Notifier).unwrap_err();
        assert!(matches!(error, KeysError::ReadableByOthers { mode: 0o640, .. }), "{error}");
    }

    #[test]
    fn public_keys_of_another_installation_are_noticed() {
        let (ours, theirs) = (generated("ours"), TestFolder::new("theirs"));
        Keys::generate(theirs.path(), &SeededChance::new(2)).unwrap();
        fs::copy(theirs.path().join(PUBLIC_FILE), ours.path().join(PUBLIC_FILE)).unwrap();
        for service in Service::ALL {
            let error = Keys::load(ours.path(), service).unwrap_err();
            assert!(matches!(error, KeysError::Mismatch { .. }), "{error}");
        }
        assert!(matches!(Administrator::load(ours.path()), Err(KeysError::Mismatch { .. })));
    }

    /// The text goes into the configuration of nats-server.
    #[test]
    fn a_public_key_cannot_smuggle_configuration() {
        let folder = generated("smuggle");
        edit(&folder.path().join(PUBLIC_FILE), |value| {
            let nats = value["administrator"]["nats"].as_str().unwrap().to_owned();
            value["administrator"]["nats"] = format!("{nats}\n no_auth_user: x").into();
        });
        assert!(matches!(PublicKeys::load(folder.path()), Err(KeysError::NotAKey { .. })));
    }

    #[test]
    fn errors_say_which_file_and_what_to_do() {
        let folder = TestFolder::new("nothing");
        let error = Keys::load(folder.path(), Service::Intake).unwrap_err().to_string();
        let dir = folder.path().display();
        assert_eq!(
            error,
            format!("{dir}/intake.json does not exist: make it with `dichterbij keys --dir {dir}`")
        );
    }

    #[test]
    fn debug_shows_nothing_secret() {
        let folder = generated("debug");
        let shown = format!(
            "{:?} {:?} {:?}",
            Keys::load(folder.path(), Service::Intake).unwrap(),
            Administrator::load(folder.path()).unwrap(),
            Keys::generate(folder.path(), &SeededChance::new(1)).unwrap(),
        );
        let secrets: serde_json::Value =
            serde_json::from_str(&fs::read_to_string(secrets_path(folder.path(), "intake")).unwrap())
                .unwrap();
        for field in ["nats_seed", "postgres_password", "box_secret", "signing_secret"] {
            assert!(!shown.contains(secrets[field].as_str().unwrap()), "{field}");
        }
        assert!(shown.starts_with("Keys(intake, …) Administrator(…)"), "{shown}");
    }

    #[test]
    fn keys_for_testing_are_always_the_same_and_know_each_other() {
        let keys = Keys::for_testing(Service::Intake);
        assert_eq!(keys.nats_seed(), Keys::for_testing(Service::Intake).nats_seed());
        assert_ne!(keys.nats_seed(), Keys::for_testing(Service::Portal).nats_seed());
        assert_eq!(keys.public(), Keys::for_testing(Service::Portal).public());
        assert_eq!(keys.vault().unwrap().kek(), Vault::for_testing().kek());
        assert_eq!(
            nats_public(Path::new(""), keys.nats_seed()).unwrap(),
            keys.public().of(Service::Intake).nats()
        );
    }

    #[test]
    fn two_at_a_time_wait_for_each_other() {
        let folder = TestFolder::new("race");
        let made: Vec<_> = std::thread::scope(|scope| {
            let run = || Keys::generate(folder.path(), &crate::chance::OsChance).unwrap().public;
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(run)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(made.iter().all(|public| *public == made[0]));
        assert_eq!(PublicKeys::load(folder.path()).unwrap(), made[0]);
    }
}
