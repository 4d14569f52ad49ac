// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models.djl;

import ai.djl.repository.zoo.ModelLoader;
import io.omote.face.models.ModelPack;
import io.omote.face.models.ModelZoo;
import java.util.Collection;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A zoo of all packs that compare faces, including those registered later. Stateless and
 * thread-safe.
 */
final class FaceZoo extends ai.djl.repository.zoo.ModelZoo {
  @Override
  public String getGroupId() {
    return FaceZooProvider.GROUP_ID;
  }

  @Override
  public Collection<ModelLoader> getModelLoaders() {
    return packs().<ModelLoader>map(PackLoader::new).toList();
  }

  @Override
  public @Nullable ModelLoader getModelLoader(String name) {
    return packs()
        .filter(pack -> pack.name().equals(name))
        .findFirst()
        .map(PackLoader::new)
        .orElse(null);
  }

  private static Stream<ModelPack> packs() {
    return ModelZoo.list().stream().filter(ModelPack.class::isInstance).map(ModelPack.class::cast);
  }

  @Override
  public Set<String> getSupportedEngines() {
    return Set.of("OnnxRuntime");
  }
}
