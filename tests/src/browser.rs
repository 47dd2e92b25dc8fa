//! A browser as far as our stories need one: cookies kept by hand (they are `__Host-` and secure, so no
//! client over plain HTTP would keep them), redirects followed by hand, forms as a page of ours sends them.

use std::collections::BTreeMap;

use reqwest::{Client, Method, StatusCode, header, multipart, redirect::Policy};

/// One person's browser.
#[derive(Clone)]
pub struct Browser {
    client: Client,
    root: String,
    cookies: BTreeMap<String, String>,
    from: Option<String>,
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// Where it sends the browser, for a redirect.
    pub location: Option<String>,
    /// The kind of content.
    pub kind: String,
    /// Every header.
    pub headers: header::HeaderMap,
    /// The body.
    pub bytes: Vec<u8>,
}

impl Answer {
    /// The body as text.
    pub fn html(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// What a reader sees: tags out, entities back, spaces joined.
    pub fn words(&self) -> String {
        let (mut text, mut inside) = (String::new(), false);
        for letter in self.html().chars() {
            match letter {
                '<' => inside = true,
                '>' => {
                    inside = false;
                    text.push(' ');
                }
                other if !inside => text.push(other),
                _ => {}
            }
        }
        let entities = [
            ("&#39;", "'"),
            ("&#34;", "\""),
            ("&quot;", "\""),
            ("&lt;", "<"),
            ("&gt;", ">"),
            ("&#60;", "<"),
            ("&#62;", ">"),
            ("&#38;", "&"),
            ("&amp;", "&"),
        ];
        let text = entities.iter().fold(text, |text, (entity, letter)| text.replace(entity, letter));
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Whether a reader sees this.
    pub fn says(&self, words: &str) -> bool {
        self.words().contains(words)
    }

    /// The key that the forms of this page carry.
    ///
    /// # Panics
    /// When the page has no form with a key.
    pub fn key(&self) -> String {
        self.value("key").unwrap_or_else(|| panic!("no key on this page ({}): {}", self.status, self.words()))
    }

    /// The value of the first hidden field or input with this name.
    pub fn value(&self, name: &str) -> Option<String> {
        let html = self.html();
        let at = html.find(&format!(" name=\"{name}\""))?;
        let tag = &html[at..at + html[at..].find('>')?];
        let start = tag.find(" value=\"")? + 8;
        Some(tag[start..start + tag[start..].find('"')?].to_owned())
    }

    /// Every `href` that starts with this.
    pub fn links(&self, start: &str) -> Vec<String> {
        let html = self.html();
        let hrefs = html.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
        hrefs.filter(|href| href.starts_with(start)).map(str::to_owned).collect()
    }
}

impl Browser {
    /// A browser that visits the portal at this address.
    ///
    /// # Panics
    /// When no client can be made.
    pub fn new(root: &str) -> Self {
        Self::on(root, None)
    }

    /// A browser on another network: any address of `127.0.0.0/8` is ours on this machine.
    ///
    /// # Panics
    /// When no client can be made.
    pub fn on(root: &str, address: Option<std::net::IpAddr>) -> Self {
        let client = Client::builder().redirect(Policy::none()).no_proxy().local_address(address);
        let client = client.build().expect("a client");
        Self { client, root: root.trim_end_matches('/').to_owned(), cookies: BTreeMap::new(), from: None }
    }

    /// The same browser behind a proxy that writes down this address for it.
    #[must_use]
    pub fn from_address(self, address: &str) -> Self {
        Self { from: Some(address.to_owned()), ..self }
    }

    /// A browser that makes a new connection for every request, as some proxies do.
    ///
    /// # Panics
    /// When no client can be made.
    pub fn with_new_connections(root: &str) -> Self {
        let client = Client::builder().redirect(Policy::none()).no_proxy().pool_max_idle_per_host(0);
        Self { client: client.build().expect("a client"), ..Self::new(root) }
    }

    /// The same browser, with the same cookies, whose next request goes to another portal.
    #[must_use]
    pub fn at(&self, root: &str) -> Self {
        Self { root: root.trim_end_matches('/').to_owned(), ..self.clone() }
    }

    /// The cookies it keeps, by name.
    pub fn cookies(&self) -> &BTreeMap<String, String> {
        &self.cookies
    }

    /// Puts a cookie in its jar.
    pub fn set_cookie(&mut self, name: &str, value: &str) {
        self.cookies.insert(name.to_owned(), value.to_owned());
    }

    /// Opens a page and follows where it leads.
    pub async fn open(&mut self, path: &str) -> Answer {
        let answer = self.get(path).await;
        self.follow(answer).await
    }

    /// Opens a page, without following.
    pub async fn get(&mut self, path: &str) -> Answer {
        let request = self.client.request(Method::GET, self.address(path));
        self.send(request).await
    }

    /// Sends a form, without following.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let request = self.client.request(Method::POST, self.address(path)).form(fields);
        self.send(request.header("sec-fetch-site", "same-origin")).await
    }

    /// Asks in any way: a method, and what the browser says of where the request came from.
    pub async fn ask(&mut self, method: Method, path: &str, from: &str, fields: &[(&str, &str)]) -> Answer {
        let request = self.client.request(method, self.address(path)).form(fields);
        self.send(request.header("sec-fetch-site", from)).await
    }

    /// Sends a form and follows where it leads.
    pub async fn submit(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let answer = self.post(path, fields).await;
        self.follow(answer).await
    }

    /// Sends a file with a form, without following.
    pub async fn upload(
        &mut self,
        path: &str,
        fields: &[(&str, &str)],
        file: (&str, &str, Vec<u8>),
    ) -> Answer {
        let (field, name, bytes) = file;
        let part = multipart::Part::bytes(bytes).file_name(name.to_owned());
        let form = fields.iter().fold(multipart::Form::new(), |form, (name, value)| {
            form.text((*name).to_owned(), (*value).to_owned())
        });
        let request = self
            .client
            .request(Method::POST, self.address(path))
            .multipart(form.part(field.to_owned(), part));
        self.send(request.header("sec-fetch-site", "same-origin")).await
    }

    /// Follows redirects, at most five.
    ///
    /// # Panics
    /// When they go round.
    pub async fn follow(&mut self, mut answer: Answer) -> Answer {
        for _ in 0..5 {
            let Some(location) = answer.location.clone().filter(|_| answer.status.is_redirection()) else {
                return answer;
            };
            answer = self.get(&location).await;
        }
        panic!("redirects go round at {:?}", answer.location);
    }

    fn address(&self, path: &str) -> String {
        assert!(path.starts_with('/'), "a path of ours: {path}");
        format!("{}{path}", self.root)
    }

    async fn send(&mut self, request: reqwest::RequestBuilder) -> Answer {
        let jar: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = request.header(header::COOKIE, jar.join("; ")).header(header::ACCEPT_LANGUAGE, "nl");
        let request = match &self.from {
            Some(address) => request.header("x-forwarded-for", address),
            None => request,
        };
        let response = request.send().await.expect("the portal answers");
        let headers = response.headers().clone();
        let text = |name: header::HeaderName| {
            headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
        };
        for cookie in headers.get_all(header::SET_COOKIE) {
            let cookie = cookie.to_str().expect("cookies are ASCII");
            let (name, value) =
                cookie.split(';').next().and_then(|pair| pair.split_once('=')).expect("name=value");
            if value.is_empty() || cookie.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        Answer {
            status: response.status(),
            location: text(header::LOCATION),
            kind: text(header::CONTENT_TYPE).unwrap_or_default(),
            bytes: response.bytes().await.expect("the body arrives").to_vec(),
            headers,
        }
    }
}
