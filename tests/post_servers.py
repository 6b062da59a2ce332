"""A mail server (aiosmtpd) and a chat robot for t_notice_post: python3 post_servers.py DIR
DIR holds cert.pem and key.pem; the ports are written to DIR/ports, each message to DIR/mail-N.json or DIR/hook-N.json.
DIR/mode steers: 'ok', 'busy' (451), 'no' (550), 'cut' (the line goes dead behind the text), 'limit' (the robot: errcode 45009)."""
import email, email.policy, http.server, json, os, socket, ssl, sys, threading
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, SMTP

DIR = sys.argv[1]
count = {'mail': 0, 'hook': 0}


def mode():
    try:
        return open(os.path.join(DIR, 'mode')).read().strip()
    except FileNotFoundError:
        return 'ok'


def keep(sort, what):
    count[sort] += 1
    path = os.path.join(DIR, f'{sort}-{count[sort]}.json')
    with open(path + '.tmp', 'w') as f:
        json.dump(what, f, ensure_ascii=False)
    os.rename(path + '.tmp', path)


class Box:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if mode() == 'no':
            return '550 no such user'
        if mode() == 'busy':
            return '451 try again later'
        envelope.rcpt_tos.append(address)
        return '250 OK'

    async def handle_DATA(self, server, session, envelope):
        m = email.message_from_bytes(envelope.content, policy=email.policy.default)
        keep('mail', {'from': envelope.mail_from, 'to': envelope.rcpt_tos, 'subject': m['Subject'],
                      'id': m['Message-ID'], 'text': m.get_content(), 'tls': session.ssl is not None,
                      'heads': m.keys(), 'longest': max(len(l) for l in envelope.content.split(b'\r\n'))})
        if mode() == 'cut':
            server.transport.abort()
            return '421 gone'
        return '250 OK'


def authenticate(server, session, envelope, mechanism, data):
    return AuthResult(success=data.login == b'office' and data.password == b'geheim-2026')


def free_port():
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        return s.getsockname()[1]


class Mail(Controller):
    def __init__(self, tls):
        super().__init__(Box(), hostname='127.0.0.1', port=free_port())
        self.tls = tls

    def factory(self):
        if not self.tls:
            return SMTP(self.handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(os.path.join(DIR, 'cert.pem'), os.path.join(DIR, 'key.pem'))
        return SMTP(self.handler, tls_context=context, require_starttls=True, authenticator=authenticate,
                    auth_required=True)


class Robot(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers['Content-Length']))
        if mode() == 'busy':
            self.send_error(503)
            return
        if mode() == 'away':  # somewhere else: must not be followed
            self.send_response(302)
            self.send_header('Location', f'http://127.0.0.1:{self.server.server_port}/other')
            self.end_headers()
            return
        keep('hook', {'path': self.path, 'bytes': len(json.loads(body)['text']['content'].encode()),
                      'json': json.loads(body)})
        answer = json.dumps({'errcode': 45009 if mode() == 'limit' else 0, 'errmsg': 'x'}).encode()
        self.send_response(200)
        self.send_header('Content-Length', str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *a):
        pass


robot = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Robot)
threading.Thread(target=robot.serve_forever, daemon=True).start()
plain, tls = Mail(False), Mail(True)
for m in (plain, tls):
    m.start()
ports = [plain.port, tls.port, robot.server_port]
with open(os.path.join(DIR, 'ports.tmp'), 'w') as f:
    f.write(' '.join(map(str, ports)))
os.rename(os.path.join(DIR, 'ports.tmp'), os.path.join(DIR, 'ports'))
sys.stdin.read()  # until the test closes it
