// SPDX-License-Identifier: Apache-2.0
package io.omote.face.description;

import java.util.List;

/**
 * The description of a detector's files. Each kind of detector has its own description. Immutable
 * and thread-safe.
 */
public sealed interface DetectorModel
    permits ScrfdModel, YuNetModel, RetinaFaceModel, UltraLightModel {
  /**
   * Returns the files of the detector.
   *
   * @return one file for each network, an immutable list
   */
  List<ModelFile> files();
}
