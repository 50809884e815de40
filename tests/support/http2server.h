#pragma once

#include <QByteArray>
#include <QProcess>
#include <QTemporaryDir>
#include <QUrl>

/// nghttpd on 127.0.0.1 with the tests' own certificate: the HTTP/2 server that Qt does not have.
/// Serves files. Ends with this object.
class Http2Server
{
public:
    Http2Server() = default;
    ~Http2Server();
    Q_DISABLE_COPY_MOVE(Http2Server)

    /// Whether it keeps a log(), which costs it time.
    enum class Log { Off, On };

    /// A body to be served below the root, such as at "tasks/1". To be called before start().
    void add(const QString &path, const QByteArray &body);
    /// Empty, or what is wrong (a missing package is named).
    [[nodiscard]] QString start(Log log = Log::On);
    [[nodiscard]] QUrl apiRoot() const; ///< https://127.0.0.1:PORT/api/v1

    /// What it has said so far: frames and headers of every connection.
    [[nodiscard]] QByteArray log();
    /// Connections that HTTP/2 was spoken over.
    [[nodiscard]] int connections();

private:
    QTemporaryDir m_files;
    QProcess m_process;
    QByteArray m_log;
    quint16 m_port = 0;
};
