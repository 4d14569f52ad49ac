// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models.djl;

import ai.djl.repository.zoo.ModelZoo;
import ai.djl.repository.zoo.ZooProvider;

/** A provider through which DJL finds the packs. Stateless and thread-safe. */
public final class FaceZooProvider implements ZooProvider {
  /** The name of the zoo, for {@code Criteria.Builder.optGroupId}. */
  public static final String GROUP_ID = "io.omote";

  /** Creates the provider. DJL calls this. */
  public FaceZooProvider() {}

  @Override
  public ModelZoo getModelZoo() {
    return new FaceZoo();
  }
}
