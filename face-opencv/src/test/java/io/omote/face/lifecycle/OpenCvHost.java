// SPDX-License-Identifier: Apache-2.0
package io.omote.face.lifecycle;

import io.omote.face.FaceException;
import io.omote.face.FaceImage;
import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * An application with several class loaders, or that ends while it decodes. Arguments: which one,
 * and an image that only this module reads. Prints {@code worked} or the exception for each image.
 */
final class OpenCvHost {
  private static final int THREADS = 8;
  private static final int EXIT_CODE = 42;

  private OpenCvHost() {}

  public static void main(String[] arguments) throws Exception {
    Path file = Path.of(arguments[1]);
    Thread thread = Thread.currentThread();
    Predicate<String> ofThisModule = entry -> entry.matches(".*(face-opencv|openpnp).*");
    switch (arguments[0]) {
      case "no-loader" -> {
        thread.setContextClassLoader(null);
        readIn(OpenCvHost.class.getClassLoader(), file);
      }
      case "foreign-loader" -> {
        thread.setContextClassLoader(ClassLoader.getPlatformClassLoader());
        readIn(OpenCvHost.class.getClassLoader(), file);
      }
      case "both-loaders" -> {
        readIn(OpenCvHost.class.getClassLoader(), file);
        readIn(new ChildFirst(entry -> true), file);
      }
      case "child-first" -> readIn(new ChildFirst(entry -> true), file);
      case "child-alone" -> {
        ClassLoader parent =
            new URLClassLoader(urls(ofThisModule.negate()), ClassLoader.getPlatformClassLoader());
        ClassLoader child = new URLClassLoader(urls(ofThisModule), parent);
        thread.setContextClassLoader(child);
        readIn(child, file);
      }
      case "core-in-child" -> readIn(new ChildFirst(ofThisModule.negate()), file);
      case "exit" -> exit(file, Long.parseLong(arguments[2]));
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }

  private static void readIn(ClassLoader loader, Path file) throws Exception {
    for (int i = 0; i < 2; i++) {
      try {
        loader
            .loadClass(FaceImage.class.getName())
            .getMethod("read", Path.class)
            .invoke(null, file);
        System.out.println("worked");
      } catch (InvocationTargetException e) {
        if (!isOfTheLibrary(e.getCause().getClass())) {
          throw e;
        }
        System.out.println(e.getCause());
      }
    }
  }

  private static boolean isOfTheLibrary(Class<?> type) {
    return Stream.<Class<?>>iterate(type, next -> next != null, Class::getSuperclass)
        .anyMatch(one -> one.getName().equals(FaceException.class.getName()));
  }

  private static void exit(Path file, long delay) throws Exception {
    byte[] bytes = Files.readAllBytes(file);
    CountDownLatch once = new CountDownLatch(THREADS);
    for (int i = 0; i < THREADS; i++) {
      new Thread(
              () -> {
                FaceImage.read(bytes);
                once.countDown();
                while (true) {
                  FaceImage.read(bytes);
                }
              })
          .start();
    }
    once.await();
    Thread.sleep(delay);
    System.exit(EXIT_CODE);
  }

  private static URL[] urls(Predicate<String> which) {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(which)
        .map(entry -> url(Path.of(entry)))
        .toArray(URL[]::new);
  }

  private static URL url(Path entry) {
    try {
      return entry.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Entries of the class path once more, before those of the parent, as in a web application. */
  private static final class ChildFirst extends URLClassLoader {
    ChildFirst(Predicate<String> which) {
      super(urls(which), OpenCvHost.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        if (loaded != null) {
          return loaded;
        }
        try {
          return name.startsWith("java.") ? super.loadClass(name, resolve) : findClass(name);
        } catch (ClassNotFoundException e) {
          return super.loadClass(name, resolve);
        }
      }
    }
  }
}
