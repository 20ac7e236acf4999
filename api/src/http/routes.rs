//! The list of routes, read twice: by the server, which serves them, and by the document, which describes them.

use actix_web::dev::HttpServiceFactory;
use actix_web::web::ServiceConfig;
use utoipa::openapi::OpenApi;
use utoipa_actix_web::OpenApiFactory;

/// Where features put their routes. A handler without a description does not fit in.
pub(crate) struct Routes<'a> {
    served: &'a mut ServiceConfig,
    described: Option<&'a mut OpenApi>,
}

impl<'a> Routes<'a> {
    /// Routes that are served. Describing them again in each thread of the server would only leave memory behind.
    pub(crate) fn served(served: &'a mut ServiceConfig) -> Self {
        Self { served, described: None }
    }

    /// Routes that are also described in a document.
    pub(crate) fn described(served: &'a mut ServiceConfig, document: &'a mut OpenApi) -> Self {
        Self { served, described: Some(document) }
    }

    /// One handler.
    pub(crate) fn service(&mut self, handler: impl HttpServiceFactory + OpenApiFactory + 'static) -> &mut Self {
        if let Some(document) = &mut self.described {
            document.paths.merge(handler.paths());
            let mut schemas = Vec::new();
            handler.schemas(&mut schemas);
            document.components.get_or_insert_default().schemas.extend(schemas);
        }
        self.served.service(handler);
        self
    }

    /// The handlers of a feature.
    pub(crate) fn configure(&mut self, feature: impl FnOnce(&mut Self)) -> &mut Self {
        feature(self);
        self
    }
}
