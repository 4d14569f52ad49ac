// SPDX-License-Identifier: Apache-2.0
/** Packs of models: the bundled one, and others that are fetched on request. */
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic", "opens"})
module io.omote.face.models {
  requires transitive ai.djl.api;
  requires com.google.gson;
  requires transitive io.omote.face.core;
  requires java.net.http;
  requires org.apache.commons.compress;
  requires org.apache.commons.io;
  requires transitive org.jspecify;
  requires org.slf4j;

  exports io.omote.face.models;
  exports io.omote.face.models.djl;

  // Gson creates the records of manifests.
  opens io.omote.face.models to
      com.google.gson;
  // The weights of the bundled pack.
  opens io.omote.face.models.lite to
      io.omote.face.core;

  provides ai.djl.repository.zoo.ZooProvider with
      io.omote.face.models.djl.FaceZooProvider;
}
