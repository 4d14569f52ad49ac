// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models.djl;

import ai.djl.repository.zoo.ModelLoader;
import io.omote.face.models.ModelZoo;
import java.util.Collection;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** All packs, also those that are registered later. Stateless and thread-safe. */
final class FaceZoo extends ai.djl.repository.zoo.ModelZoo {
  @Override
  public String getGroupId() {
    return FaceZooProvider.GROUP_ID;
  }

  @Override
  public Collection<ModelLoader> getModelLoaders() {
    return ModelZoo.list().stream().<ModelLoader>map(PackLoader::new).toList();
  }

  @Override
  public @Nullable ModelLoader getModelLoader(String name) {
    return ModelZoo.list().stream()
        .filter(pack -> pack.name().equals(name))
        .findFirst()
        .map(PackLoader::new)
        .orElse(null);
  }

  @Override
  public Set<String> getSupportedEngines() {
    return Set.of("OnnxRuntime");
  }
}
