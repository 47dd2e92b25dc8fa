//! Every service as processes of its own, in two replicas, behind a balancer for the pages: how an operator runs it.

mod balancer;
mod link;
mod users;

use std::time::Duration;

use proto::Service;

use crate::installation::{Installation, Replica};

pub use balancer::Balancer;
pub use link::Link;
pub use users::{Seen, Users};

/// Connections per process: twelve processes fit one small server.
const POOL: &str = "3";
/// How long a portal that is told to stop still answers. Longer than the balancer takes to see it.
const LINGER: Duration = Duration::from_secs(1);
/// Longer than the drain of a process.
const STOPPED_WITHIN: Duration = Duration::from_secs(30);
/// Replicas of each service.
pub const REPLICAS: usize = 2;

/// Two processes of each service and one that keeps the streams.
pub struct Apart {
    /// The servers.
    pub installation: Installation,
    /// Where the pages are.
    pub balancer: Balancer,
    replicas: Vec<(Service, [Replica; REPLICAS])>,
    streams: Replica,
}

impl Apart {
    /// Starts everything and waits until all of it is ready.
    ///
    /// # Panics
    /// When something does not start.
    pub async fn start() -> Self {
        let mut installation = Installation::start().await;
        let balancer = Balancer::start().await;
        for (name, value) in [
            ("DBJ_POOL", POOL.to_owned()),
            ("DBJ_LINGER_SECONDS", LINGER.as_secs().to_string()),
            ("DBJ_PUBLIC_ADDRESS", balancer.address.clone()),
        ] {
            installation.settings.insert(name.to_owned(), value);
        }
        let mut replicas: Vec<_> = Service::ALL
            .into_iter()
            .map(|service| (service, [(); REPLICAS].map(|()| installation.run(&[service.name()]))))
            .collect();
        let mut streams = installation.run(&["streams"]);
        streams.ready().await;
        for (_, both) in &mut replicas {
            for replica in both {
                replica.ready().await;
            }
        }
        let apart = Self { installation, balancer, replicas, streams };
        for number in 0..REPLICAS {
            apart.balancer.put(number, apart.replica(Service::Portal, number));
        }
        apart
    }

    /// One replica.
    ///
    /// # Panics
    /// When there is no such service.
    pub fn replica(&self, service: Service, number: usize) -> &Replica {
        let found = self.replicas.iter().find(|(of, _)| *of == service);
        &found.expect("every service runs").1[number]
    }

    /// One replica, to break.
    ///
    /// # Panics
    /// When there is no such service.
    pub fn replica_mut(&mut self, service: Service, number: usize) -> &mut Replica {
        let found = self.replicas.iter_mut().find(|(of, _)| *of == service);
        &mut found.expect("every service runs").1[number]
    }

    /// A counter of both replicas, in their order.
    pub async fn metric(&self, service: Service, name: &str, label: &str) -> [f64; REPLICAS] {
        [
            self.replica(service, 0).metric(name, label).await,
            self.replica(service, 1).metric(name, label).await,
        ]
    }

    /// How many processes of a service NATS knows.
    ///
    /// # Panics
    /// When its monitor does not answer.
    pub async fn connections(&self, service: Service) -> usize {
        let address = format!("http://127.0.0.1:{}/connz", self.installation.nats.monitor);
        let answer = reqwest::get(address).await.expect("the monitor of NATS answers");
        let all: serde_json::Value = answer.json().await.expect("connections");
        let all = all["connections"].as_array().expect("a list");
        let name = format!("dichterbij-{service}");
        all.iter().filter(|connection| connection["name"].as_str() == Some(&name)).count()
    }

    /// Asks a replica to stop, as a supervisor does, and starts another in its place; waits until that is ready.
    ///
    /// # Panics
    /// When it does not stop in order, or the new one does not become ready.
    pub async fn restart(&mut self, service: Service, number: usize) {
        self.stop(service, number).await;
        self.start_again(service, number, &[]).await;
    }

    /// Asks a replica to stop and waits until it has.
    ///
    /// # Panics
    /// When it does not stop in order.
    pub async fn stop(&mut self, service: Service, number: usize) {
        self.replica(service, number).process.terminate();
        self.stopped(service, number).await;
    }

    /// Waits until a replica that was asked to stop has.
    ///
    /// # Panics
    /// When it does not stop in order.
    pub async fn stopped(&mut self, service: Service, number: usize) {
        let replica = self.replica_mut(service, number);
        let status = replica.process.ended_within(STOPPED_WITHIN).await;
        let log = replica.process.log();
        assert!(status.is_some_and(|status| status.success()), "{service} ended with {status:?}:\n{log}");
    }

    /// Starts a replica in the place of one that ended, with settings of its own; waits until it is ready.
    ///
    /// # Panics
    /// When it does not become ready.
    pub async fn start_again(&mut self, service: Service, number: usize, settings: &[(&str, &str)]) {
        let mut replica = self.installation.run_with(&[service.name()], settings);
        replica.ready().await;
        *self.replica_mut(service, number) = replica;
        if service == Service::Portal {
            self.balancer.put(number, self.replica(service, number));
        }
    }

    /// Restarts the process that keeps the streams.
    ///
    /// # Panics
    /// When it does not stop in order, or the new one does not become ready.
    pub async fn restart_streams(&mut self) {
        self.streams.process.terminate();
        let status = self.streams.process.ended_within(STOPPED_WITHIN).await;
        assert!(status.is_some_and(|status| status.success()), "{}", self.streams.process.log());
        self.streams = self.installation.run(&["streams"]);
        self.streams.ready().await;
    }
}
