//! The SCIM configuration of one connection, and its tokens.

use std::future::Future;

use auth0_transport::Error;
use futures_core::future::BoxFuture;

use super::{IssuedScimToken, NewScimToken, ScimDesired, ScimRow};
use crate::{
    ConnectionId,
    caller::Caller,
    missing::{deleted, if_configured},
    types::{ScimConfiguration, ScimToken, UpdateScimConfigurationRequest},
};

/// The SCIM configuration of one connection, and its tokens: [`Client::scim`](crate::Client::scim). Cheap to clone.
/// Futures own what they need: they are `'static` and `Send`.
///
/// Every method fails with 404 where the connection does not exist, and where its strategy has no SCIM; and with any error of
/// a call: see [`ErrorKind`](crate::ErrorKind).
#[derive(Clone, Debug)]
pub struct ScimHandle {
    pub(crate) caller: Caller,
}

impl ScimHandle {
    pub(crate) fn new(caller: Caller) -> Self {
        Self { caller }
    }

    /// The connection's id.
    #[must_use]
    pub fn connection_id(&self) -> &ConnectionId {
        &self.caller.connection
    }

    /// The URL to enter at the identity provider, on the domain of the client. Most call it the base URL, the tenant URL or
    /// the SCIM endpoint. See [`entra_endpoint_url`](Self::entra_endpoint_url) for Microsoft Entra ID.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = auth0_provisioning::Client::builder("tenant.example.com")?.bearer_token("t").build()?;
    /// let scim = client.scim(&"con_0123456789abcdef".parse()?);
    /// let url = "https://tenant.example.com/scim/v2/connections/con_0123456789abcdef";
    /// assert_eq!(scim.endpoint_url(), url);
    /// assert_eq!(scim.entra_endpoint_url(), format!("{url}?aadOptscim062020"));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn endpoint_url(&self) -> String {
        let origin = self.caller.api.transport().base_url().trim_end_matches("/api/v2");
        format!("{origin}/scim/v2/connections/{}", self.caller.connection)
    }

    /// The [`endpoint_url`](Self::endpoint_url) to enter at Microsoft Entra ID: with the flag by which it follows the SCIM
    /// standard.
    #[must_use]
    pub fn entra_endpoint_url(&self) -> String {
        format!("{}?aadOptscim062020", self.endpoint_url())
    }

    /// Reads the configuration.
    ///
    /// Needs the scope `read:scim_config`.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] where there is none, and any error of a call: see [`ErrorKind`](crate::ErrorKind).
    pub fn get(&self) -> impl Future<Output = Result<ScimConfiguration, Error>> + Send + use<> {
        let caller = self.caller.clone();
        async move { caller.call(caller.api.get_scim_configuration(caller.id())).await }
    }

    /// Reads the configuration; `None` where the connection has none.
    ///
    /// Needs the scope `read:scim_config`.
    ///
    /// # Errors
    ///
    /// Any error of a call, a 404 for a connection that does not exist among them.
    pub fn get_if_configured(&self) -> impl Future<Output = Result<Option<ScimConfiguration>, Error>> + Send + use<> {
        let configuration = Box::pin(self.get());
        async move { if_configured(configuration.await) }
    }

    /// Creates the configuration. Fields that are not set get the default of the strategy.
    ///
    /// Needs the scope `create:scim_config`.
    ///
    /// # Errors
    ///
    /// Any error of a call; 400 where there is a configuration already.
    pub fn create(
        &self,
        desired: ScimDesired,
    ) -> impl Future<Output = Result<ScimConfiguration, Error>> + Send + use<> {
        let caller = self.caller.clone();
        async move {
            let body = desired.creation();
            caller.call(caller.api.post_scim_configuration(caller.id(), body.as_ref())).await
        }
    }

    /// Updates the fields that are set. The API wants the configuration whole, so that it is read first where one is not
    /// set.
    ///
    /// Needs the scopes `update:scim_config` and, where a field is not set, `read:scim_config`.
    pub fn update(
        &self,
        desired: ScimDesired,
    ) -> impl Future<Output = Result<ScimConfiguration, Error>> + Send + use<> {
        let this = self.clone();
        async move {
            let request = match desired.whole() {
                Some(request) => request,
                None => desired.update_of(&this.get().await?),
            };
            this.patch(request).await
        }
    }

    /// Deletes the configuration with its tokens.
    ///
    /// Needs the scope `delete:scim_config`.
    pub fn delete(&self) -> impl Future<Output = Result<(), Error>> + Send + use<> {
        let caller = self.caller.clone();
        async move { deleted(caller.call(caller.api.delete_scim_configuration(caller.id())).await) }
    }

    /// Reads the mapping with which a configuration is created if none is given.
    ///
    /// Needs the scope `read:scim_config`.
    pub fn default_mapping(&self) -> impl Future<Output = Result<Vec<ScimRow>, Error>> + Send + use<> {
        let caller = self.caller.clone();
        async move {
            let default = caller.call(caller.api.get_default_mapping(caller.id())).await?;
            Ok(default.mapping.iter().flatten().map(ScimRow::of).collect())
        }
    }

    /// Lists the tokens, without their secrets.
    ///
    /// Needs the scope `read:scim_token`.
    pub fn tokens(&self) -> impl Future<Output = Result<Vec<ScimToken>, Error>> + Send + use<> {
        let caller = self.caller.clone();
        async move { caller.call(caller.api.get_scim_tokens(caller.id())).await.map(Into::into) }
    }

    /// Creates a token. A connection has two at most.
    ///
    /// Needs the scope `create:scim_token`.
    ///
    /// # Errors
    ///
    /// [`Error::is_conflict`] where the connection has two tokens, and any error of a call. Where the response was lost, the
    /// token may exist, and its secret is lost: see [`tokens`](Self::tokens).
    pub fn create_token(
        &self,
        token: NewScimToken,
    ) -> impl Future<Output = Result<IssuedScimToken, Error>> + Send + use<> {
        let caller = self.caller.clone();
        async move {
            let created = caller.call(caller.api.post_scim_token(caller.id(), &token.request())).await?;
            IssuedScimToken::of(created).map_err(|error| caller.with_id(error))
        }
    }

    /// Revokes a token.
    ///
    /// Needs the scope `delete:scim_token`.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] where there is no such token, and any error of a call.
    pub fn delete_token(&self, token_id: impl Into<String>) -> BoxFuture<'static, Result<(), Error>> {
        let (caller, token_id) = (self.caller.clone(), token_id.into());
        Box::pin(
            async move { deleted(caller.call(caller.api.delete_tokens_by_token_id(caller.id(), &token_id)).await) },
        )
    }

    pub(super) async fn patch(&self, request: UpdateScimConfigurationRequest) -> Result<ScimConfiguration, Error> {
        self.caller.call(self.caller.api.patch_scim_configuration(self.caller.id(), &request)).await
    }
}
