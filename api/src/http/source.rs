//! Where a request comes from: the peer, or what trusted proxies say of it.

use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicI64, Ordering};

use actix_web::http::header::{self, HeaderMap, HeaderName};
use application::sign_in::Source;
use ipnet::IpNet;
use jiff::Timestamp;
use rfc7239::{NodeName, parse};

/// How often the log says that somebody else than a trusted proxy forwards, in seconds.
const SAID_EVERY: i64 = 3600;

/// The proxies whose word on where a request comes from is taken.
#[derive(Debug)]
pub(crate) struct TrustedProxies {
    networks: Vec<IpNet>,
    said_at: AtomicI64,
}

impl TrustedProxies {
    /// The proxies in these networks.
    pub(crate) fn new(networks: Vec<IpNet>) -> Self {
        Self { networks, said_at: AtomicI64::new(i64::MIN) }
    }

    /// Whether the peer with this address is one of them.
    pub(crate) fn trusts(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.networks.iter().any(|network| network.contains(&address))
    }

    /// The source of a request: the last address from the right of `Forwarded` (RFC 7239) or `X-Forwarded-For` that is no trusted proxy.
    /// A header of anybody else is ignored. If both headers come and disagree, one of them is a client's own, so neither is believed.
    pub(crate) fn source_of(&self, peer: IpAddr, headers: &HeaderMap, now: Timestamp) -> Source {
        let standard = forwarded(headers);
        let customary = x_forwarded_for(headers);
        if !self.trusts(peer) {
            if !(standard.is_empty() && customary.is_empty()) {
                self.say(now, "a forwarding header of somebody else than a trusted proxy is ignored; see the setting trusted-proxies");
            }
            return Source::new(peer);
        }
        let told = |addresses: &[Option<IpAddr>]| (!addresses.is_empty()).then(|| self.nearest(peer, addresses));
        match (told(&standard), told(&customary)) {
            (Some(one), Some(other)) if one != other => {
                self.say(now, "Forwarded and X-Forwarded-For disagree: let the proxy remove the one that it does not write");
                Source::new(peer)
            }
            (Some(address), _) | (None, Some(address)) => Source::new(address),
            (None, None) => Source::new(peer),
        }
    }

    /// The first address from the right that is no trusted proxy. What cannot be read ends the search at the proxy that wrote it.
    fn nearest(&self, peer: IpAddr, addresses: &[Option<IpAddr>]) -> IpAddr {
        let mut nearest = peer;
        for address in addresses.iter().rev() {
            let Some(address) = address else { break };
            nearest = *address;
            if !self.trusts(nearest) {
                break;
            }
        }
        nearest
    }

    fn say(&self, now: Timestamp, what: &str) {
        let said_at = self.said_at.load(Ordering::Relaxed);
        let is_due = now.as_second().saturating_sub(said_at) >= SAID_EVERY;
        if is_due && self.said_at.compare_exchange(said_at, now.as_second(), Ordering::Relaxed, Ordering::Relaxed).is_ok() {
            tracing::warn!("{what}");
        }
    }
}

/// Every line of a header, in order; a line that is no text counts as one address that cannot be read.
fn lines(headers: &HeaderMap, name: &HeaderName) -> Vec<Option<String>> {
    headers.get_all(name).map(|line| line.to_str().ok().map(str::to_owned)).collect()
}

fn forwarded(headers: &HeaderMap) -> Vec<Option<IpAddr>> {
    let mut addresses = Vec::new();
    for line in lines(headers, &header::FORWARDED) {
        let Some(line) = line else {
            addresses.push(None);
            continue;
        };
        for element in parse(&line) {
            let node = element.ok().and_then(|element| element.forwarded_for);
            addresses.push(node.and_then(|node| match node.name {
                NodeName::Ip(address) => Some(address),
                NodeName::Unknown | NodeName::Obfuscated(_) => None,
            }));
        }
    }
    addresses
}

fn x_forwarded_for(headers: &HeaderMap) -> Vec<Option<IpAddr>> {
    let elements = |line: Option<String>| -> Vec<Option<IpAddr>> {
        line.map_or_else(|| vec![None], |line| line.split(',').map(|element| address(element.trim())).collect())
    };
    lines(headers, &header::X_FORWARDED_FOR).into_iter().flat_map(elements).collect()
}

/// An address, as proxies write it: with a port, or in brackets, or without.
fn address(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    bare.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|socket| socket.ip()))
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    const PROXY: &str = "10.0.0.1";

    /// The source of a request of `peer` with these headers.
    fn source(peer: &str, sent: &[(&str, &str)]) -> String {
        let proxies = TrustedProxies::new(vec!["10.0.0.0/8".parse().unwrap(), "::1/128".parse().unwrap()]);
        let mut headers = HeaderMap::new();
        for (name, value) in sent {
            headers.append(HeaderName::from_bytes(name.as_bytes()).unwrap(), HeaderValue::from_str(value).unwrap());
        }
        proxies.source_of(peer.parse().unwrap(), &headers, Timestamp::UNIX_EPOCH).to_string()
    }

    #[test]
    fn the_last_address_that_is_no_trusted_proxy_is_the_source() {
        assert_eq!(source(PROXY, &[]), PROXY);
        assert_eq!(source(PROXY, &[("x-forwarded-for", "203.0.113.7")]), "203.0.113.7");
        assert_eq!(source(PROXY, &[("x-forwarded-for", "1.1.1.1, 203.0.113.7, 10.0.0.9")]), "203.0.113.7", "the left is the client's word");
        assert_eq!(source(PROXY, &[("x-forwarded-for", "1.1.1.1"), ("x-forwarded-for", "203.0.113.7")]), "203.0.113.7");
        assert_eq!(source(PROXY, &[("x-forwarded-for", "203.0.113.7:4711")]), "203.0.113.7");
        assert_eq!(source(PROXY, &[("forwarded", "for=1.1.1.1, for=\"[2001:db8::7]:4711\";proto=https")]), "2001:db8::7");
        assert_eq!(source(PROXY, &[("forwarded", "proto=https;for=203.0.113.7")]), "203.0.113.7");
        assert_eq!(source("::1", &[("x-forwarded-for", "::ffff:203.0.113.7")]), "203.0.113.7");
    }

    #[test]
    fn a_header_of_anybody_else_is_ignored() {
        assert_eq!(source("203.0.113.7", &[("x-forwarded-for", "10.0.0.1")]), "203.0.113.7");
        assert_eq!(source("203.0.113.7", &[("forwarded", "for=1.1.1.1")]), "203.0.113.7");
    }

    #[test]
    fn what_cannot_be_read_is_not_guessed() {
        assert_eq!(source(PROXY, &[("x-forwarded-for", "1.1.1.1, somebody")]), PROXY);
        assert_eq!(source(PROXY, &[("forwarded", "for=unknown")]), PROXY);
        assert_eq!(source(PROXY, &[("forwarded", "for=_hidden, for=10.0.0.2")]), "10.0.0.2", "the trusted proxy next to it");
        assert_eq!(source(PROXY, &[("forwarded", "for=1.1.1.1"), ("x-forwarded-for", "203.0.113.7")]), PROXY, "they disagree");
    }

    #[test]
    fn the_log_says_it_once_an_hour() {
        let proxies = TrustedProxies::new(Vec::new());
        let at = |second| Timestamp::from_second(second).unwrap();
        proxies.say(at(0), "first");
        assert_eq!(proxies.said_at.load(Ordering::Relaxed), 0);
        proxies.say(at(3599), "too soon");
        assert_eq!(proxies.said_at.load(Ordering::Relaxed), 0);
        proxies.say(at(3600), "again");
        assert_eq!(proxies.said_at.load(Ordering::Relaxed), 3600);
    }
}
